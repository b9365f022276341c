import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const pages = ['docs/threat-model.md', 'SECURITY.md'] as const
const read = (page: string) => readFileSync(page, 'utf8')

/** Paths of this repository that a page links to, as they stand from its folder. */
function linked(page: string): readonly string[] {
  return [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => join(dirname(page), path))
}

const proved = readdirSync('test/prove')
  .filter((name) => name.endsWith('.prove.ts'))
  .map((name) => read(join('test/prove', name)))
  .join('\n')

describe.each(pages)('%s', (page) => {
  test('names files that are there', () => {
    expect(linked(page).length).toBeGreaterThan(3)
    expect(linked(page).filter((path) => !existsSync(path))).toEqual([])
  })

  test('says what is where it is', () => {
    for (const [, name = '', path = ''] of read(page).matchAll(/\[([\w.-]+\.tsx?)\]\(([^)]+)\)/g))
      expect([name, path.split('/').at(-1)]).toEqual([name, name])
  })
})

describe('the threat model', () => {
  test('names proofs that are there', () => {
    const ids = [...read('docs/threat-model.md').matchAll(/\bR\d+\b/g)].map(([id]) => id)
    expect(ids.length).toBeGreaterThan(20)
    expect([...new Set(ids)].filter((id) => !new RegExp(`(?:id: '|^ *)${id}[a-z]?(?:'|: \\{)`, 'm').test(proved))).toEqual([])
  })

  test('has for every threat a defence, the code, and a test or proof', () => {
    const rows = read('docs/threat-model.md')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'))
    expect(rows.length).toBeGreaterThan(30)
    for (const row of rows) {
      const [threat, , code, held] = row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))
      expect([threat, code?.includes(']('), /\]\(\.\.\/test\/|\bR\d+\b/.test(held ?? '')]).toEqual([threat, true, true])
    }
  })
})
