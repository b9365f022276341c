import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { warningWordsOf } from '../../../src/server/mapping/warning-words.ts'

test('every warning a connector gives is explained in both languages', () => {
  const folder = join('src', 'connectors')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const codes = new Set(files.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/(?<=['`])W-[A-Z-]+(?=['`])/g) ?? []))
  expect(codes.size).toBeGreaterThan(15)
  for (const code of codes) expect(warningWordsOf(code), code).toMatchObject({ fr: expect.any(String), en: expect.any(String) })
})
