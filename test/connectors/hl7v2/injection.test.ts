import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { Receipt } from '../../../src/connectors/connector.ts'
import { acknowledge, defaultAckPolicy } from '../../../src/connectors/hl7v2/ack.ts'
import type { Delimiters } from '../../../src/connectors/hl7v2/delimiters.ts'
import { encodingCharacters } from '../../../src/connectors/hl7v2/delimiters.ts'
import { escapeText } from '../../../src/connectors/hl7v2/escape.ts'
import { frame, makeFramer } from '../../../src/connectors/hl7v2/mllp.ts'
import { buildOutbound } from '../../../src/connectors/hl7v2/outbound.ts'
import { buildAnswers } from '../../../src/connectors/hl7v2/outbound-answers.ts'
import type { Message } from '../../../src/connectors/hl7v2/reader.ts'
import { findSegment, nth, readMessage, textOf } from '../../../src/connectors/hl7v2/reader.ts'
import { outboundOptions, tellingOf } from './support/outbound.ts'

/** Nine strings each: ten thousand, or with `PROVE=1` a hundred thousand. */
const RUNS = process.env.PROVE ? 11_200 : 1_120

const delimiters = fc
  .uniqueArray(fc.constantFrom(...'|^~\\&#!@%*$;:?/<>{}+='), { minLength: 5, maxLength: 6 })
  .map(([field = '', component = '', repetition = '', mark = '', subcomponent = '', truncation]): Delimiters => {
    return { field, component, repetition, escape: mark, subcomponent, ...(truncation !== undefined && { truncation }) }
  })

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'|^~\\&#!@%*$;\r\n\x0b\x1c\x00\x1b\x7f"EFSRTPHX0D.brCMZé€𝄞'), minLength: 1, maxLength: 30 }),
  fc.constantFrom('""', '\r', '\x1c\r\x0bMSH|^~\\&|', '\\X0D\\', '\rOBX|1|ST|forged', '\\X1C0D0B\\', '\\.br\\\\.sp9\\', '\\C2842\\', '\\F'),
)

const kinds = [
  ['confirm', 'SIU^S14'],
  ['cancel', 'SIU^S15'],
  ['confirm', 'SRM^S03'],
  ['cancel', 'SRM^S04'],
  ['arrive', 'ADT^A10'],
] as const

type Place = readonly [segment: string, field: number, component: number, word: keyof Words]

const ends: readonly Place[] = [
  ['MSH', 3, 1, 'application'],
  ['MSH', 4, 1, 'facility'],
]
const schedule: readonly Place[] = [
  ...ends,
  ['SCH', 6, 1, 'code'],
  ['SCH', 6, 2, 'text'],
  ['SCH', 8, 2, 'motif'],
  ['SCH', 20, 1, 'application'],
  ['SCH', 25, 1, 'status'],
]
const request: readonly Place[] = [
  ...ends,
  ['ARQ', 1, 2, 'application'],
  ['ARQ', 6, 1, 'code'],
  ['ARQ', 6, 2, 'text'],
  ['ARQ', 8, 2, 'motif'],
]

/** Where each word stands in what is written. */
const places = {
  'SIU^S14': schedule,
  'SIU^S15': schedule,
  'SRM^S03': request,
  'SRM^S04': request,
  'ADT^A10': [...ends, ['EVN', 5, 1, 'application'], ['PID', 5, 1, 'name']],
  'ORU^R01': [
    ...ends,
    ['OBR', 4, 2, 'text'],
    ['OBX', 3, 1, 'code'],
    ['OBX', 5, 1, 'answer'],
    ['OBX', 6, 1, 'status'],
    ['PID', 5, 1, 'name'],
  ],
  ACK: [],
} as const satisfies Readonly<Record<string, readonly Place[]>>

const words = fc.record({
  application: hostile,
  facility: hostile,
  status: hostile,
  code: hostile,
  text: hostile,
  /** What the EHR itself said, escaped as it should: it is echoed. */
  motif: hostile,
  name: hostile,
  answer: hostile,
  /** What the EHR said, escaped as nobody should. */
  raw: hostile,
})
type Words = Parameters<Parameters<typeof words.map>[0]>[0]

it('R24: hostile words, in any delimiters: one frame, the same segments, the same words', () => {
  fc.assert(
    fc.property(words, delimiters, (said, chosen) => {
      const last = lastMessage(said, chosen)
      const telling = tellingOf(last, {}, options(said))
      for (const [kind, method] of kinds) {
        const built = buildOutbound(tellingOf(last, { kind }, options(said)), kind, method)
        look(built?.bytes, method, said)
      }
      const question = { code: said.code }
      const answers = [
        { question, value: { kind: 'number' as const, number: 7, unit: said.status } },
        { question, value: { kind: 'text' as const, text: said.answer } },
      ]
      look(buildAnswers(telling, { questionnaire: { code: 'Q', text: said.text }, answers }, 'ORU^R01')?.bytes, 'ORU^R01', said)
      look(acknowledge(received(said, chosen), refused(said), now, 'Europe/Paris', defaultAckPolicy)[0]?.bytes, 'ACK', said)
    }),
    { numRuns: RUNS },
  )
}, 600_000)

function options({ application, facility, status, code, text }: Words) {
  const reason = { code, text }
  return {
    ...outboundOptions,
    ourApplication: application,
    ourFacility: facility,
    statusWord: { confirm: status, cancel: status, arrive: status },
    reason: { confirm: reason, cancel: reason, arrive: reason },
  }
}

/** Its last message, with what it says of the motif and the name well escaped, and of the service not at all. */
function received({ motif, name, raw }: Words, chosen: Delimiters): Buffer {
  const { field, component } = chosen
  const text = (value: string) => escapeText(value, chosen)
  const of = (name: string, fields: Readonly<Record<number, string>>) =>
    Array.from({ length: 26 }, (_, n) => (n === 0 ? name : (fields[n] ?? ''))).join(field)
  const header = {
    1: encodingCharacters(chosen),
    6: '20260301120000',
    8: `SIU${component}S12`,
    9: '7',
    10: 'P',
    11: '2.5.1',
    17: 'UNICODE UTF-8',
  }
  const lines = [
    of('MSH', header),
    of('SCH', { 1: 'P', 2: 'F', 8: ['T', text(motif)].join(component) }),
    of('PID', { 3: '1', 5: text(name) }),
    of('PV1', { 19: 'V77' }),
    ['AIS', '1', 'A', raw.replaceAll(/[\r\n]/g, '')].join(field),
  ]
  return Buffer.from(lines.join('\r'))
}

function lastMessage(said: Words, chosen: Delimiters): Message {
  const message = readMessage(received(said, chosen))
  if (!message) throw new Error('no message')
  return message
}

const now = Temporal.Instant.from('2026-03-01T11:00:05Z')

function refused({ text, status }: Words): Receipt {
  return { disposition: 'quarantined', duplicate: false, fault: { kind: 'content', code: '101', at: `${status}-2`, text } }
}

const shapes: Readonly<Record<string, readonly string[]>> = {
  SIU: ['MSH', 'SCH', 'NTE', 'PID', 'PV1', 'AIS'],
  SRM: ['MSH', 'ARQ', 'NTE', 'PID', 'PV1', 'RGS', 'AIS'],
  ADT: ['MSH', 'EVN', 'PID', 'PV1'],
  ACK: ['MSH', 'MSA', 'ERR'],
  ORU: ['MSH', 'PID', 'PV1', 'OBR', 'NTE', 'OBX', 'OBX'],
}

function look(bytes: Buffer | undefined, method: keyof typeof places, said: Words): void {
  if (!bytes) throw new Error('nothing was built')
  const frames = makeFramer({ maxFrameBytes: 1024 * 1024 }).push(frame(bytes))
  const message = readMessage(bytes)
  if (!message) throw new Error('unreadable')
  const header = findSegment(message, 'MSH')?.fields ?? []
  const { component } = message.delimiters
  const lost = (places[method] as readonly Place[]).filter(([segment, field, part, word]) => {
    const lines = message.segments.filter(({ name }) => name === segment)
    return !lines.some(({ fields }) => textOf(message, nth(fields[field] ?? '', component, part)) === said[word])
  })
  expect({
    frames: frames.map((event) => event.kind),
    names: message.segments.map(({ name }) => name),
    type: nth(header[9] ?? '', component, 1),
    version: header[12],
    lost,
  }).toEqual({ frames: ['frame'], names: shapes[method.slice(0, 3)], type: method.slice(0, 3), version: '2.5.1', lost: [] })
}
