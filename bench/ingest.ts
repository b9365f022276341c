import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeCommit, describeMachine } from './machine.ts'
import { type Candidate, openBench, program, rappel, type Work } from './mllp.ts'
import { figureOf } from './row.ts'

const help = `Durable SIU/s of Rappel beside a bare framer that only answers AA: the same load, the same run, one after the other.
Every message is another appointment of another patient; each is read, decided, planned, audited and committed before its AA.
npm run bench -- --only P3,P4,P5 does the same beside other programs.

usage: npm run bench:ingest [-- --rounds 3 --seconds 5 --connections 1,8,64 --work siu|ignored --json FILE]
needs: npm run build, and gcc (for the load client, bench/load/mllpload.c)
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '1,8,64' },
    work: { type: 'string', default: 'siu' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const candidates: readonly Candidate[] = [program('bare framer', 'bare-answer.ts'), rappel()]

async function main(): Promise<void> {
  const bench = openBench()
  const [machine, rows] = [describeMachine(), []] as [ReturnType<typeof describeMachine>, object[]]
  try {
    process.stdout.write(
      `${['connections', 'candidate', 'AA/s', 'spread', 'p99 ms', 'not AA'].map((cell) => cell.padStart(13)).join('')}\n`,
    )
    for (const connections of values.connections.split(',').map(Number)) {
      const loads = candidates.map((candidate) => ({ candidate, rates: [] as number[], p99: [] as number[], bad: 0 }))
      for (let round = 0; round < Number(values.rounds); round += 1)
        for (const each of loads) {
          const load = await bench.measure(each.candidate, { connections, seconds: Number(values.seconds), work: values.work as Work })
          each.rates.push(load.msgs_s)
          each.p99.push(load.p99_us / 1000)
          each.bad += load.bad
        }
      for (const { candidate, rates, p99, bad } of loads) {
        const rate = figureOf(candidate.name, 'messages/s', rates)
        rows.push({ connections, ...rate, p99Ms: figureOf(candidate.name, 'ms', p99).value, bad })
        const cells = [
          connections,
          candidate.name,
          rate.value,
          `${rate.lowest}–${rate.highest}`,
          figureOf('', '', p99).value.toFixed(1),
          bad,
        ]
        process.stdout.write(`${cells.map((cell) => String(cell).padStart(13)).join('')}\n`)
      }
    }
    const report = { at: new Date().toISOString(), commit: describeCommit(), machine, work: values.work, rows }
    if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  } finally {
    bench.close()
  }
}

if (values.help) process.stdout.write(help)
else await main()
