import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Receipt } from '../../../../src/connectors/connector.ts'
import { acknowledge, defaultAckPolicy } from '../../../../src/connectors/hl7v2/ack.ts'
import type { Delimiters } from '../../../../src/connectors/hl7v2/delimiters.ts'
import { encodingCharacters } from '../../../../src/connectors/hl7v2/delimiters.ts'
import { escapeText } from '../../../../src/connectors/hl7v2/escape.ts'
import { frame, makeFramer } from '../../../../src/connectors/hl7v2/mllp.ts'
import { buildOutbound } from '../../../../src/connectors/hl7v2/outbound.ts'
import { buildAnswers } from '../../../../src/connectors/hl7v2/outbound-answers.ts'
import type { Message } from '../../../../src/connectors/hl7v2/reader.ts'
import { findSegment, nth, readMessage, textOf } from '../../../../src/connectors/hl7v2/reader.ts'
import { outboundOptions, tellingOf } from './outbound.ts'

/** Whatever five or six signs a sender may choose. */
export const anyDelimiters = fc
  .uniqueArray(fc.constantFrom(...'|^~\\&#!@%*$;:?/<>{}+='), { minLength: 5, maxLength: 6 })
  .map(([field = '', component = '', repetition = '', mark = '', subcomponent = '', truncation]): Delimiters => {
    return { field, component, repetition, escape: mark, subcomponent, ...(truncation !== undefined && { truncation }) }
  })

/** Strings that break out of a field where they can. */
export const hostileText = fc.oneof(
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

type Place = readonly [segment: string, field: number, component: number, word: keyof HostileWords]

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

export const hostileWords = fc.record({
  application: hostileText,
  facility: hostileText,
  status: hostileText,
  code: hostileText,
  text: hostileText,
  /** What the EHR itself said, escaped as it should: it is echoed. */
  motif: hostileText,
  name: hostileText,
  answer: hostileText,
  /** What the EHR said, escaped as nobody should. */
  raw: hostileText,
})
export type HostileWords = Parameters<Parameters<typeof hostileWords.map>[0]>[0]

/** All that is ever written to an EHR, with these words in it: what is wrong of any. */
export function faultWith(said: HostileWords, chosen: Delimiters): string | undefined {
  const last = lastMessage(said, chosen)
  const telling = tellingOf(last, {}, options(said))
  const question = { code: said.code }
  const answers = [
    { question, value: { kind: 'number' as const, number: 7, unit: said.status } },
    { question, value: { kind: 'text' as const, text: said.answer } },
  ]
  const answered = buildAnswers(telling, { questionnaire: { code: 'Q', text: said.text }, answers }, 'ORU^R01')
  const ack = acknowledge(received(said, chosen), refused(said), now, 'Europe/Paris', defaultAckPolicy)[0]
  return (
    kinds
      .map(([kind, method]) => faultIn(buildOutbound(tellingOf(last, { kind }, options(said)), kind, method)?.bytes, method, said))
      .find((fault) => fault !== undefined) ??
    faultIn(answered?.bytes, 'ORU^R01', said) ??
    faultIn(ack?.bytes, 'ACK', said)
  )
}

function options({ application, facility, status, code, text }: HostileWords) {
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
function received({ motif, name, raw }: HostileWords, chosen: Delimiters): Buffer {
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

function lastMessage(said: HostileWords, chosen: Delimiters): Message {
  const message = readMessage(received(said, chosen))
  if (!message) throw new Error('no message')
  return message
}

const now = Temporal.Instant.from('2026-03-01T11:00:05Z')

function refused({ text, status }: HostileWords): Receipt {
  return { disposition: 'quarantined', duplicate: false, fault: { kind: 'content', code: '101', at: `${status}-2`, text } }
}

const shapes: Readonly<Record<string, readonly string[]>> = {
  SIU: ['MSH', 'SCH', 'NTE', 'PID', 'PV1', 'AIS'],
  SRM: ['MSH', 'ARQ', 'NTE', 'PID', 'PV1', 'RGS', 'AIS'],
  ADT: ['MSH', 'EVN', 'PID', 'PV1'],
  ACK: ['MSH', 'MSA', 'ERR'],
  ORU: ['MSH', 'PID', 'PV1', 'OBR', 'NTE', 'OBX', 'OBX'],
}

/** Whether bytes are one frame, with the segments of their kind, and every word where it was put; what is wrong of them. */
export function faultIn(bytes: Buffer | undefined, method: keyof typeof places, said: HostileWords): string | undefined {
  const message = bytes && readMessage(bytes)
  if (!bytes || !message) return `${method}: unreadable`
  const frames = makeFramer({ maxFrameBytes: 1024 * 1024 }).push(frame(bytes))
  if (frames.length !== 1 || frames[0]?.kind !== 'frame') return `${method}: ${frames.length} frames`
  const type = method.slice(0, 3)
  const names = message.segments.map(({ name }) => name).join(' ')
  if (names !== shapes[type]?.join(' ')) return `${method}: ${names}`
  const header = findSegment(message, 'MSH')?.fields ?? []
  const { component } = message.delimiters
  if (nth(header[9] ?? '', component, 1) !== type || header[12] !== '2.5.1') return `${method}: another header`
  const lost = (places[method] as readonly Place[]).find(([segment, field, part, word]) => {
    const lines = message.segments.filter(({ name }) => name === segment)
    return !lines.some(({ fields }) => textOf(message, nth(fields[field] ?? '', component, part)) === said[word])
  })
  return lost && `${method}: ${lost[0]}-${lost[1]} is not what was said`
}
