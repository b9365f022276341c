import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Expectation } from './support/expectation.ts'
import { observe, payloadOf } from './support/expectation.ts'

const root = join(import.meta.dirname, '../../fixtures/hl7')
const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => (name.endsWith('.hl7') || name.endsWith('.bin')) && !name.startsWith('presets'))
  .sort()

describe('every public sample comes to what is written beside it', () => {
  it('walks them all', () => {
    expect(names.length).toBeGreaterThanOrEqual(107)
  })

  it.each(names)('%s', (name) => {
    const file = join(root, name)
    const expected = JSON.parse(readFileSync(`${file}.expected.json`, 'utf8')) as Expectation
    expect(observe(payloadOf(name, readFileSync(file)), expected.receivedAt)).toEqual(expected)
  })
})
