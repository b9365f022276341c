import { readFileSync } from 'node:fs'

/** One rule of docs/rules.md, as its row says it. */
export interface RuleRow {
  readonly id: string
  readonly says: string
  /** Where it is decided, from the root. */
  readonly sources: readonly string[]
  /** What holds it: a file, from `test`, and the names in it. */
  readonly tests: readonly { readonly file: string; readonly names: readonly string[] }[]
  readonly seen: string
}

/** The rows of the rulebook whose first cell is an id; other tables are not of rules. */
export function readRules(): readonly RuleRow[] {
  return readFileSync('docs/rules.md', 'utf8').split('\n').flatMap(rowOf)
}

function rowOf(line: string): readonly RuleRow[] {
  const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))
  const [first = '', says = '', decided = '', held = '', seen = ''] = cells
  const id = /^\*\*(.+)\*\*$/.exec(first)?.[1]
  if (id === undefined) return []
  const sources = [...decided.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path)
  const tests = held.split('<br>').flatMap((part) => {
    const file = /\]\(\.\.\/test\/([^)]+)\)/.exec(part)?.[1]
    const names = [...part.matchAll(/ `([^`]+)`/g)].map(([, name = '']) => name)
    return file === undefined ? [] : [{ file, names }]
  })
  return [{ id, says: says.replaceAll(/[*`]/g, ''), sources, tests, seen }]
}
