import { readFileSync, writeFileSync } from 'node:fs'
import type { Machine } from './machine.ts'
import type { Figure, Row, Verdict } from './row.ts'

const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const sayFigure = ({ of, value, unit, lowest, highest }: Figure): string =>
  `${of} ${round(value)} ${unit}${lowest === highest ? '' : ` (${round(lowest)}–${round(highest)})`}`

const sayVerdict = ({ what, value, target, met }: Verdict): string => `${what} ${round(value)}, asked ${target}: ${met ? 'met' : 'short'}`

/** As it is printed when it was measured. */
export function sayRow({ id, work, figures, verdicts, missing }: Row): string {
  const lines = [
    ...figures.map(sayFigure),
    ...verdicts.map((each) => `→ ${sayVerdict(each)}`),
    ...missing.map((each) => `not measured: ${each}`),
  ]
  return `\n${id}  ${work}\n${lines.map((line) => `    ${line}\n`).join('')}`
}

const [begin, end] = ['<!-- made by `npm run bench -- --write` -->', '<!-- to here -->']

interface Report {
  readonly at: string
  readonly commit: string
  readonly machine: Machine
  readonly rounds: number
  readonly seconds: number
  readonly rows: readonly Row[]
}

/** Puts what was measured between the two marks of a page; a page without them is a mistake. */
export function writeTable(path: string, { at, commit, machine, rounds, seconds, rows }: Report): void {
  const page = readFileSync(path, 'utf8')
  const [from, until] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || until < from) throw new Error(`${path} has no place for the table`)
  const told = `${machine.cores} × ${machine.cpu}, ${machine.gigabytes} GB, node ${machine.node}, load ${machine.load.join(' ')} before it began`
  const line = (row: Row) =>
    `| **${row.id}** | ${row.work} | ${row.figures.map(sayFigure).join('<br>')} | ${[...row.verdicts.map(sayVerdict), ...row.missing.map((each) => `*not measured:* ${each}`)].join('<br>')} |`
  const table = [
    `Commit ${commit}, ${at.slice(0, 10)}: ${told}. The middle of ${rounds} rounds of ${seconds} s, by turns; in brackets how far they lay apart.`,
    '',
    '| id | work | seen | beside its target |',
    '|---|---|---|---|',
    ...rows.map(line),
  ]
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n\n${table.join('\n')}\n\n${page.slice(until)}`)
}
