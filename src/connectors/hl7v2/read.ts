import type { Envelope, Fault } from '../../core/envelope.ts'
import type { ReadResult } from '../connector.ts'
import type { AdtProfile } from './adt.ts'
import { readAdt } from './adt.ts'
import { readBlock } from './block.ts'
import { charsetOf } from './charset.ts'
import { fromCsv, isCsv } from './csv.ts'
import type { MessageEvent } from './event.ts'
import { readEvent } from './event.ts'
import type { Message } from './reader.ts'
import { findSegment, readMessage, stringAt } from './reader.ts'
import type { SiuProfile } from './siu.ts'
import { readSiu } from './siu.ts'
import { readSequence } from './stamp.ts'

/** One connection's reading, ready for use (§4.6). */
export interface Profile extends SiuProfile, AdtProfile {
  readonly acceptEvents: ReadonlySet<string>
  readonly strictVersion: boolean
}

export interface ReadOptions {
  readonly profile: Profile
  readonly charset?: string | undefined
  readonly forceCharset?: string | undefined
  readonly processingIds: readonly string[]
}

const LONGEST_SOURCE = 100

/** The envelope as a message, or undefined where there is no MSH. */
export function messageOf(envelope: Envelope, options: ReadOptions): Message | undefined {
  const mediaType = charsetOf(envelope.mediaType)
  return readMessage(envelope.body, { forced: options.forceCharset, mediaType, otherwise: options.charset })
}

/** Pure, and takes any bytes: what cannot be read is a fault, never an exception (R19). */
export function readEnvelope(received: Envelope, asked: ReadOptions): ReadResult {
  const { envelope, options } = isCsv(received) ? fromCsv(received, asked) : { envelope: received, options: asked }
  const message = messageOf(envelope, options)
  if (!message) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'MSH', text: 'no MSH segment' } }
  const [identity, counter] = [identityOf(message), counterOf(message)]
  return { ...(identity !== undefined && { identity }), ...(counter && { counter }), ...readContent(message, envelope, options) }
}

/** V2-DUP-1. Without MSH-10 a message cannot be told from the next. */
function identityOf(message: Message): string | undefined {
  const msh = findSegment(message, 'MSH')
  const controlId = msh?.fields[10]?.trim() ?? ''
  if (controlId === '') return undefined
  return [msh?.fields[3] ?? '', msh?.fields[4] ?? '', controlId, msh?.fields[7] ?? ''].join('|')
}

/** Of senders that number what they send: by sending application and facility. */
function counterOf(message: Message): ReadResult['counter'] {
  const msh = findSegment(message, 'MSH')
  const number = readSequence(stringAt(message, msh, 10))
  const source = [3, 4].map((field) => stringAt(message, msh, field) ?? '').join('|')
  return number === undefined ? undefined : { source: source.slice(0, LONGEST_SOURCE), number }
}

function readContent(message: Message, envelope: Envelope, options: ReadOptions): ReadResult {
  const { profile } = options
  const { type, event } = eventOf(message)
  const fault = refusal(message, { type, event }, options)
  if (fault) return { kind: 'unreadable', fault }
  if (type === 'ADT') return asResult(readAdt(message, event, envelope.receivedAt, profile))
  if (event === 'S23' || event === 'S24') return asResult(readBlock(message, event, envelope.receivedAt, profile))
  const warnings = [
    ...(stringAt(message, findSegment(message, 'MSH'), 11) === undefined ? ['W-PROCESSING-ID'] : []),
    ...(isKnownVersion(message) ? [] : ['W-VERSION']),
  ]
  const reading = readSiu(message, event.startsWith('Z') ? 'S14' : event, envelope.receivedAt, profile, warnings)
  return reading.kind === 'change' ? { kind: 'changes', changes: [reading.change] } : reading
}

function asResult(reading: ReturnType<typeof readAdt>): ReadResult {
  return reading.kind === 'news' ? { kind: 'changes', changes: [], news: reading.news } : reading
}

function eventOf(message: Message): MessageEvent {
  const msh = findSegment(message, 'MSH')
  const part = (component: number): string => stringAt(message, msh, 9, component) ?? ''
  return readEvent(part(1), part(2), part(3), stringAt(message, findSegment(message, 'EVN'), 1))
}

/** HL7 v2.1 to v2.9. */
function isKnownVersion(message: Message): boolean {
  return /^2\.[1-9](\.\d)?$/.test(stringAt(message, findSegment(message, 'MSH'), 12)?.slice(0, 8) ?? '')
}

/** The checks that come before the content, in the order of the standard (V2-ACK-1). */
function refusal(message: Message, { type, event }: MessageEvent, { profile, processingIds }: ReadOptions): Fault | undefined {
  const headers = message.segments.filter((segment) => segment.name === 'MSH').length
  if (headers > 1 || message.segments.some((segment) => segment.name === 'FHS' || segment.name === 'BHS')) {
    return { kind: 'unsupported', code: '207', at: 'MSH', text: 'batch not supported' }
  }
  // V2-STR-5: an SIU by its body is not one by its name.
  const mismatch = type !== 'SIU' && findSegment(message, 'SCH') ? ', its body has an SCH (W-BODY-MISMATCH)' : ''
  if (type !== 'SIU' && type !== 'ADT') {
    return { kind: 'unsupported', code: '200', at: 'MSH-9', text: `message type not supported${mismatch}` }
  }
  if (!profile.acceptEvents.has(event) || isOfOtherType(type, event)) {
    return { kind: 'unsupported', code: '201', at: 'MSH-9', text: `event not supported${mismatch}` }
  }
  const msh = findSegment(message, 'MSH')
  if (profile.strictVersion && !isKnownVersion(message)) {
    return { kind: 'unsupported', code: '203', at: 'MSH-12', text: 'version not supported' }
  }
  const processingId = stringAt(message, msh, 11)
  if (processingId !== undefined && !processingIds.includes(processingId)) {
    return { kind: 'unsupported', code: '202', at: 'MSH-11', text: 'processing id not taken here' }
  }
  if (stringAt(message, msh, 14) !== undefined)
    return { kind: 'unsupported', code: '207', at: 'MSH-14', text: 'continuation not supported' }
  if (stringAt(message, msh, 10) === undefined) return { kind: 'content', code: '101', at: 'MSH-10', text: 'no message control id' }
  return undefined
}

/** S12 under ADT, A08 under SIU. */
function isOfOtherType(type: 'SIU' | 'ADT', event: string): boolean {
  return event.startsWith(type === 'SIU' ? 'A' : 'S')
}
