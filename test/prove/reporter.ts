import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { ProofMeta } from './proof.ts'

interface Line {
  readonly meta: ProofMeta
  readonly run?: TestCase
  readonly control?: TestCase
}

const page = 'docs/promises.md'
const marks = ['<!-- made by `npm run prove -- --write` -->', '<!-- to here -->'] as const

/** A line for each promise, as its proof ends; the table of docs/promises.md where that is asked for. */
export function proofReporter(): Reporter {
  const lines = new Map<string, Line>()
  const other: string[] = []
  return {
    onTestCaseResult(test) {
      const meta = test.meta().proof
      if (!meta) {
        if (test.result().state === 'failed') other.push(`${test.fullName}: ${messageOf(test)}`)
        return
      }
      const line: Line = { ...lines.get(meta.id), meta: { ...lines.get(meta.id)?.meta, ...meta }, [meta.part]: test }
      lines.set(meta.id, line)
      if (line.run && line.control) print(line)
    },
    onTestRunEnd(modules: readonly TestModule[], errors) {
      for (const module of modules) for (const error of module.errors()) other.push(`${module.moduleId}: ${error.message}`)
      for (const error of errors) other.push(error.message)
      for (const each of other) process.stdout.write(`FAIL   ${each}\n`)
      const ended = [...lines.values()].filter(isWhole)
      const count = (verdict: Verdict) => ended.filter((line) => verdictOf(line) === verdict).length
      const [passed, short, notRun, failed] = [count('pass'), count('short'), count('none'), count('FAIL') + other.length]
      process.stdout.write(
        `\n${passed} pass, ${short} short, ${notRun} not run, ${failed} fail; commit ${commit()}, Node ${process.version}\n`,
      )
      if (process.env.PROVE_WRITE === '1') write(ended)
    },
  }
}

type Verdict = 'pass' | 'short' | 'none' | 'FAIL'
type Whole = Line & { readonly run: TestCase; readonly control: TestCase }

function isWhole(line: Line): line is Whole {
  return line.run !== undefined && line.control !== undefined
}

function verdictOf({ run, control }: Whole): Verdict {
  if (run.result().state === 'skipped') return 'none'
  if (run.result().state !== 'passed' || control.result().state !== 'passed') return 'FAIL'
  return run.meta().proof?.short === undefined ? 'pass' : 'short'
}

function print(line: Line): void {
  if (!isWhole(line)) return
  const { run, control, meta } = line
  if (verdictOf(line) === 'none') {
    process.stdout.write(`none   ${meta.id.padEnd(4)} ${meta.promise}: not run, ${missingOf(run)} is missing\n`)
    return
  }
  const seconds = ((run.diagnostic()?.duration ?? 0) + (control.diagnostic()?.duration ?? 0)) / 1000
  const said = run.result().state === 'passed' ? run.meta().proof?.figure : messageOf(run)
  const short = run.meta().proof?.short
  const against = control.result().state === 'passed' ? `control caught: ${control.meta().proof?.figure}` : `CONTROL: ${messageOf(control)}`
  process.stdout.write(
    `${verdictOf(line).padEnd(5)}  ${meta.id.padEnd(4)} ${meta.promise}: ${said}${short ? `; short of ${short}` : ''}\n` +
      `            ${against} (${meta.size}, seed ${meta.seed}, ${seconds.toFixed(0)} s)\n`,
  )
}

function missingOf(test: TestCase): string {
  const result = test.result()
  return (result.state === 'skipped' && result.note) || 'something'
}

function messageOf(test: TestCase): string {
  return test.result().errors?.[0]?.message ?? 'failed'
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** Between the marks of the page; the words around them are a person's. What was not run now stays as it was, with the commit it was seen at. */
function write(ended: readonly Whole[]): void {
  const text = readFileSync(page, 'utf8')
  const [begin, end] = [text.indexOf(marks[0]), text.indexOf(marks[1])]
  if (begin < 0 || end < begin) throw new Error(`${page} has lost its marks`)
  const rows = new Map(
    text
      .slice(begin, end)
      .split('\n')
      .flatMap((row) => {
        const id = /^\| \*\*(R\d+[a-z]?)\*\* /.exec(row)?.[1]
        return id === undefined ? [] : [[id, row] as const]
      }),
  )
  for (const line of ended) rows.set(line.meta.id, rowOf(line))
  const table = [
    marks[0],
    '',
    'Landing size unless said otherwise.',
    '',
    '| id | promise | what was done | what broke it, and was caught | | commit |',
    '|---|---|---|---|---|---|',
    ...[...rows].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, row]) => row),
    '',
    '',
  ].join('\n')
  writeFileSync(page, `${text.slice(0, begin)}${table}${text.slice(end)}`)
}

function rowOf(line: Whole): string {
  const { figure = '', short } = line.run.meta().proof ?? {}
  const verdict = verdictOf(line)
  const done =
    verdict === 'none' ? `not run, ${missingOf(line.run)} is missing` : short === undefined ? figure : `${figure}; short of ${short}`
  const cells = [`**${line.meta.id}**`, line.meta.promise, done, line.control.meta().proof?.figure ?? '', verdict, commit()]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
