import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import { splitBatch } from '../../../src/connectors/hl7v2/batch.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'
import { countWork } from './support/work.ts'

const connector = hl7v2({
  id: 'tilleuls',
  zone: 'Europe/Paris',
  region: 'FR',
  mapping: {
    statusFields: ['SCH-25', 'AIS-10', 'ZCH-4'],
    modalityRules: [{ path: 'AIL-3', equals: 'VIDEO', value: 'video' }],
    zones: [{ path: 'AIL-3.4', equals: 'NOWHERE', value: 'Europe/London' }],
  },
  now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
})

const siu = (...lines: string[]) => hl7(msh('S12'), sch({ 2: 'F', 11: '^^30^202603040900' }), ...lines)
const adt = (event: string, ...lines: string[]) => hl7(`MSH|^~\\&|E|H|R|S|20260301120000||ADT^${event}|1|P|2.5`, ...lines)
const times = (n: number, line: string) => Array.from({ length: n }, () => line)
const pid = (field: number, value: string) => `PID|1||1^^^A^MR${'|'.repeat(field - 3)}${value}`

describe('twice the message is at most twice the work, whatever it is made of', () => {
  const counter = countWork()
  afterEach(() => counter.stop())

  it.each<[string, (n: number) => Buffer]>([
    ['segments nobody knows', (n) => siu(...times(n, 'ZZZ|1|2|3'))],
    ['short lines', (n) => siu(...times(n, 'Z'))],
    ['line feeds, then one carriage return', (n) => Buffer.from(`${siu().toString().replaceAll('\r', '\n')}${'Z|\n'.repeat(n)}\r`)],
    ['fields', (n) => siu(`ZZZ${'|x'.repeat(n)}`)],
    ['services', (n) => siu(...times(n, 'AIS|1|A|CONS|202603040900|||20|min'))],
    ['resources by their actions', (n) => siu(...times(n, 'RGS|1|A'), ...times(n, 'AIP|2|D|7^Moreau^Claire'))],
    ['diaries', (n) => siu(...Array.from({ length: n }, (_, id) => `AIL|1|A|R${id}`))],
    ['patients', (n) => siu(...times(n, 'PID|1||1^^^A^MR'))],
    ['relatives and payers', (n) => siu('PID|1||1', ...times(n, 'NK1|1|Roy^Anne|MTH'), ...times(n, 'GT1|1||Roy^Anne'))],
    ['merges', (n) => adt('A40', 'PID|1||1', ...times(n, 'MRG|2'))],
    ['visits', (n) => adt('A45', 'PID|1||1', ...times(n, `MRG|2||||V`))],
    ['identifiers', (n) => adt('A08', `PID|1||${times(n, '1^^^A^MR').join('~')}`)],
    ['names', (n) => adt('A08', pid(5, times(n, 'Roy^J').join('~')))],
    ['telephones', (n) => adt('A08', pid(13, times(n, '0612345678^PRN^CP').join('~')))],
    ['empty repetitions', (n) => adt('A08', pid(13, '~'.repeat(n)))],
    ['components', (n) => adt('A08', pid(13, '^'.repeat(n)))],
    ['subcomponents', (n) => adt('A08', pid(5, '&'.repeat(n)))],
    ['a very long name', (n) => adt('A08', pid(5, 'x'.repeat(n)))],
    ['escape characters', (n) => adt('A08', pid(5, '\\'.repeat(n)))],
    ['escapes', (n) => adt('A08', pid(5, '\\X41\\'.repeat(n)))],
    ['a hexadecimal without an end', (n) => adt('A08', pid(5, `\\X${'41'.repeat(n)}`))],
    ['charset switches that are none', (n) => adt('A08', pid(5, '\\C\\M'.repeat(n)))],
    ['control characters', (n) => adt('A08', pid(5, '\x01'.repeat(n)))],
    ['a very long number', (n) => adt('A08', pid(13, '06'.repeat(n)))],
    ['a very long day', (n) => siu(`TQ1|1||||||${'2026'.repeat(n)}`)],
    ['blanks', (n) => Buffer.concat([Buffer.from(' '.repeat(n)), siu(), Buffer.from('\r'.repeat(n))])],
    ['messages', (n) => Buffer.concat(times(n, '').map(() => siu()))],
  ])('%s', (_, make) => {
    const work = (n: number) => {
      const body = make(n)
      return counter.count(() => {
        connector.read(envelopeOf(body))
        splitBatch(body)
      })
    }
    work(10)
    const [once, twice] = [work(2_000), work(4_000)]
    expect(once).toBeGreaterThan(1_000)
    expect(twice / once).toBeLessThan(2.1)
  })
})
