import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Method } from '../../../src/connectors/hl7v2/methods.ts'
import { buildOutbound } from '../../../src/connectors/hl7v2/outbound.ts'
import type { Message } from '../../../src/connectors/hl7v2/reader.ts'
import { findSegment, readMessage, valueAt } from '../../../src/connectors/hl7v2/reader.ts'
import type { Outbound, OutboundKind, OutboundOptions } from '../../../src/connectors/hl7v2/telling.ts'
import { hl7, msh, sch } from './support/siu-text.ts'
import { writeBackOf } from './support/write-backs.ts'

const options: OutboundOptions = {
  zone: 'Europe/Paris',
  ourApplication: 'RAPPEL',
  ourFacility: 'SITE1',
  theirApplication: 'EHR',
  theirFacility: 'HOSP',
  acknowledgement: 'original',
  deleteResources: false,
  statusWord: { confirm: 'Confirmed', arrive: 'ARRIVED', cancel: 'Cancelled' },
  reason: {
    confirm: { code: 'CONFIRMED', text: 'Patient confirmed' },
    arrive: { code: 'ARRIVED' },
    cancel: { code: 'PAT', text: 'Patient cancelled' },
  },
}

function messageOf(body: Uint8Array): Message {
  const message = readMessage(body)
  if (!message) throw new Error('no message')
  return message
}

const last = messageOf(
  hl7(
    msh('S12'),
    sch({
      1: 'P^EHR',
      2: 'F^EHR',
      5: 'AG1',
      6: 'ADD',
      8: 'T^Suivi',
      11: '^^30^20260304090000^20260304093000',
      16: '9^Roy^Guy',
      20: 'CLERK9',
      25: 'Booked',
    }),
    'TQ1|1||||||20260304090000|20260304093000',
    'NTE|1||Apporter les radios',
    'PID|1|OLD|1^^^HOSP^MR||Roy^Jeanne||19880818|F|||1 rue A||0612345678||||||123-45-6789',
    'PV1|1|O|CARDIO^12||||7^Moreau^Claire||||||||||||V77',
    'OBX|1|NM|8867-4||72',
    'RGS|1|A|G1',
    'AIS|1|A|CONS^Consultation',
    'NTE|1||Personnel : à jeun',
    'AIP|1|D|8^Gagnon^Luc',
    'AIP|2|A|7^Moreau^Claire',
    'ZCH|1|secret',
  ),
)

const usual: Readonly<Record<OutboundKind, Method>> = { confirm: 'SIU^S14', arrive: 'SIU^S14', cancel: 'SIU^S15' }

function build(kind: OutboundKind, message = last, part: Partial<OutboundOptions> = {}, method = usual[kind]): Outbound {
  const writeBack = writeBackOf({ kind, id: `tilleuls:F:${kind}:1` })
  const end = Temporal.Instant.from('2026-03-04T08:30:00Z')
  const built = buildOutbound({ writeBack, last: message, end, options: { ...options, ...part } }, kind, method)
  if (!built) throw new Error('nothing was built')
  return built
}
const lines = (kind: OutboundKind, message = last) => build(kind, message).bytes.toString('utf8').split('\r')

describe('the SIU that goes back (§1.14, §3.3)', () => {
  it('a confirmation, whole', () => {
    const { controlId } = build('confirm')
    expect(controlId).toMatch(/^[0-9A-F]{20}$/)
    expect(lines('confirm')).toEqual([
      `MSH|^~\\&|RAPPEL|SITE1|EHR|HOSP|20260303181241+0100||SIU^S14^SIU_S12|${controlId}|P|2.5.1||||||UNICODE UTF-8`,
      'SCH|P^EHR|F^EHR|||AG1|CONFIRMED^Patient confirmed^L||T^Suivi|||^^30^20260304090000^20260304093000|||||9^Roy^Guy||||RAPPEL^Reminder^Service|||||Confirmed',
      'TQ1|1||||||20260304090000|20260304093000',
      'NTE|1|P|Confirmed by patient 2026-03-03 18:12',
      'PID|1|OLD|1^^^HOSP^MR||Roy^Jeanne||19880818|F',
      'PV1|1|O|CARDIO^12||||7^Moreau^Claire||||||||||||V77',
      'RGS|1|X|G1',
      'AIS|1|X|CONS^Consultation',
      'AIP|2|X|7^Moreau^Claire',
      '',
    ])
  })

  it.each<[OutboundKind, string, string, string]>([
    ['confirm', 'SIU^S14^SIU_S12', 'CONFIRMED^Patient confirmed^L', 'Confirmed'],
    ['arrive', 'SIU^S14^SIU_S12', 'ARRIVED^^L', 'ARRIVED'],
    ['cancel', 'SIU^S15^SIU_S12', 'PAT^Patient cancelled^L', 'Cancelled'],
  ])('%s', (kind, event, reason, word) => {
    const [header, schedule] = lines(kind)
    expect(header?.split('|')[8]).toBe(event)
    expect(schedule?.split('|')[6]).toBe(reason)
    expect(schedule?.split('|')[25]).toBe(word)
  })

  it('repeats the EHR’s own last word where the site has none', () => {
    const { bytes } = build('confirm', last, { statusWord: { confirm: '', arrive: '', cancel: '' } })
    expect(bytes.toString().split('\r')[1]?.split('|')[25]).toBe('Booked')
  })

  it('never sends the social security number, the address or the Z segments back', () => {
    expect(build('cancel').bytes.toString()).not.toMatch(/123-45-6789|rue A|secret|radios|jeun/)
  })

  it('is the same, byte for byte, whenever it is built again (MLLP-7)', () => {
    expect(build('confirm').bytes.equals(build('confirm').bytes)).toBe(true)
    expect(build('confirm').controlId).not.toBe(build('cancel').controlId)
  })

  it('leaves the structure out for version 2.3, which has none', () => {
    const old = messageOf(hl7(msh('S12', { version: '2.3' }), sch({ 2: 'F' })))
    expect(lines('confirm', old)[0]?.split('|')[8]).toBe('SIU^S14')
  })
})

describe('nothing can be injected (R24)', () => {
  it('echoes another charset as UTF-8, hex escapes included', () => {
    const body = iconv.encode(
      [msh('S12', { more: '||||||8859/15' }), sch({ 2: 'F', 8: 'Préop\\XE9\\e' }), 'PID|1||1||Éluard^Zoë'].join('\r'),
      'iso-8859-15',
    )
    const sent = messageOf(build('confirm', messageOf(body)).bytes)
    expect(sent.warnings).toEqual([])
    expect(valueAt(sent, findSegment(sent, 'SCH'), 8)).toBe('Préopée')
    expect(valueAt(sent, findSegment(sent, 'PID'), 5)).toBe('Éluard')
  })

  it('writes the site’s own words in the delimiters of the message', () => {
    const custom = messageOf(hl7('MSH#!@%*#EHR#HOSP#RAPPEL##20260301##SIU!S12#7#P#2.5', 'SCH##F!EHR'))
    const sent = messageOf(build('confirm', custom, { ourApplication: 'A#B!C@D%E*F' }).bytes)
    expect(valueAt(sent, findSegment(sent, 'MSH'), 3)).toBe('A#B!C@D%E*F')
    expect(valueAt(sent, findSegment(sent, 'SCH'), 20)).toBe('A#B!C@D%E*F')
    expect(valueAt(sent, findSegment(sent, 'SCH'), 2)).toBe('F')
  })

  it('whatever the words: one frame, the same segments', () => {
    const nasty = fc.string({ unit: fc.constantFrom(...'|^~\\&\r\n\x0b\x1c"é€X0D'), maxLength: 30 })
    fc.assert(
      fc.property(nasty, nasty, nasty, (application, word, code) => {
        const { bytes } = build('confirm', last, {
          ourApplication: application,
          statusWord: { ...options.statusWord, confirm: word },
          reason: { ...options.reason, confirm: { code } },
        })
        expect(bytes.includes(0x0b) || bytes.includes(0x1c) || bytes.includes(0x0a)).toBe(false)
        const names = messageOf(bytes).segments.map((segment) => segment.name)
        expect(names).toEqual(['MSH', 'SCH', 'TQ1', 'NTE', 'PID', 'PV1', 'RGS', 'AIS', 'AIP'])
      }),
      { numRuns: 1000 },
    )
  })

  const root = join(import.meta.dirname, '../../fixtures/hl7/siu')
  it.each(readdirSync(root).filter((name) => name.endsWith('.hl7')))('echoes the identifiers and resources of %s as they came', (name) => {
    const received = messageOf(readFileSync(join(root, name)))
    const sent = messageOf(build('confirm', received).bytes)
    const fieldsOf = (message: Message, segment: string, fields: number[]) =>
      fields.map((n) => findSegment(message, segment)?.fields[n] ?? '')
    expect(fieldsOf(sent, 'SCH', [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 16])).toEqual(
      fieldsOf(received, 'SCH', [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 16]),
    )
    expect(fieldsOf(sent, 'PID', [3, 5])).toEqual(fieldsOf(received, 'PID', [3, 5]))
    expect(fieldsOf(sent, 'AIS', [3, 4])).toEqual(name.includes('s15-cancel') ? ['', ''] : fieldsOf(received, 'AIS', [3, 4]))
  })
})
