import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readRules } from './support/rules-table.ts'
import { testFiles } from './support/test-names.ts'

const upTo = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
const section = (number: number, ...parts: readonly string[]) => parts.map((part) => `section ${number}, ${part}`)
const doctolib = [
  'confirmation',
  'more than 7 days ahead',
  'booked later',
  'booked late',
  'moved earlier',
  'cancelled by absence',
  'one day, one text',
  'no health data',
]

/** Every rule there is; a row of docs/rules.md that is none of them is a mistake too. */
const ids: readonly string[] = [
  ...upTo(30, 'D'),
  'D7a',
  'D14b',
  ...doctolib.map((fact) => `doctolib, ${fact}`),
  ...upTo(22, 'O'),
  ...section(3, 'windows'),
  'gate 0',
  ...upTo(11, 'gate '),
  ...section(
    4,
    'at the send',
    'last told',
    'caps',
    'fuse',
    'told',
    'no-show',
    'modality guard',
    'sender of record',
    'time doctor',
    'opt-out',
  ),
  ...upTo(26, 'row '),
  ...section(6, 'planned', 'held', 'sent', 'delivered', 'failed', 'suppressed', 'merged', 'expired', 'withdrawn', 'in doubt', 'parked'),
  ...section(6, 'record', 'what would have to change', 'before and after', 'sentences and JSON'),
  ...section(7, 'zones', 'elapsed', 'wall time', 'quiet hours', 'urgent notices', 'timers'),
]

const rows = new Map(readRules().map((row) => [row.id, row]))
const files = testFiles()

/** `D1` is not in `D14`, nor `row 2` in `row 26`. */
function carries(name: string, id: string): boolean {
  return new RegExp(`(?<![\\w-])${id}(?![\\w])`).test(name)
}

/** The tests of that name in a file: the test itself, or all of the group it names, with what they stand in. */
function testsNamed(file: string, name: string): readonly string[] {
  return (files.get(file) ?? []).filter((path) => path.split(' > ').includes(name))
}

/** docs/rules.md, row by row: each rule is written down, decided somewhere, and held by tests that say so. */
describe('the rulebook', () => {
  test.each(ids.map((id) => [id, rows.get(id)?.says ?? 'has no row in docs/rules.md'] as const))('%s: %s', (id) => {
    const row = rows.get(id)
    expect(row, `docs/rules.md has no row for ${id}`).toBeDefined()
    if (!row) return
    expect(row.sources.length, 'it says where it is decided').toBeGreaterThan(0)
    expect(
      row.sources.filter((path) => !existsSync(path)),
      'sources that are not there',
    ).toEqual([])
    expect(row.seen, 'it says where one sees it').not.toBe('')
    const named = row.tests.flatMap(({ file, names }) => names.map((name) => ({ at: `${file}: ${name}`, found: testsNamed(file, name) })))
    expect(
      named.filter(({ found }) => found.length === 0).map(({ at }) => at),
      'tests that are not there',
    ).toEqual([])
    expect(
      named.flatMap(({ found }) => found).filter((path) => carries(path, id)),
      `tests that carry ${id}`,
    ).not.toEqual([])
  })

  test('has no row twice, and none of a rule nobody knows', () => {
    expect(
      readRules()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ids].sort())
  })
})
