import type { Envelope, Fault } from '../../core/envelope.ts'
import type { ReadResult } from '../connector.ts'
import { charsetOf } from './charset.ts'
import { readEvent } from './event.ts'
import type { Message } from './reader.ts'
import { findSegment, readMessage, stringAt } from './reader.ts'
import type { SiuProfile } from './siu.ts'
import { readSiu } from './siu.ts'

export interface ReadOptions {
  readonly profile: SiuProfile
  readonly charset?: string | undefined
  readonly forceCharset?: string | undefined
  readonly processingIds: readonly string[]
}

/** The events we act on; S23 and S24 block slots and are ignored. */
const siuEvents = ['S12', 'S13', 'S14', 'S15', 'S16', 'S17', 'S18', 'S19', 'S20', 'S21', 'S22', 'S23', 'S24', 'S26', 'S27']

/** The envelope as a message, or undefined where there is no MSH. */
export function messageOf(envelope: Envelope, options: ReadOptions): Message | undefined {
  const mediaType = charsetOf(envelope.mediaType)
  return readMessage(envelope.body, { forced: options.forceCharset, mediaType, otherwise: options.charset })
}

/** Pure, and takes any bytes: what cannot be read is a fault, never an exception (R19). */
export function readEnvelope(envelope: Envelope, options: ReadOptions): ReadResult {
  const message = messageOf(envelope, options)
  if (!message) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'MSH', text: 'no MSH segment' } }
  const identity = identityOf(message)
  return { ...(identity !== undefined && { identity }), ...readContent(message, envelope, options) }
}

/** V2-DUP-1. Without MSH-10 a message cannot be told from the next. */
function identityOf(message: Message): string | undefined {
  const msh = findSegment(message, 'MSH')
  const controlId = msh?.fields[10]?.trim() ?? ''
  if (controlId === '') return undefined
  return [msh?.fields[3] ?? '', msh?.fields[4] ?? '', controlId, msh?.fields[7] ?? ''].join('|')
}

function readContent(message: Message, envelope: Envelope, options: ReadOptions): ReadResult {
  const fault = refusal(message, options)
  if (fault) return { kind: 'unreadable', fault }
  const msh = findSegment(message, 'MSH')
  const warnings = [
    ...(stringAt(message, msh, 11) === undefined ? ['W-PROCESSING-ID'] : []),
    ...(/^2\.[1-9](\.\d)?$/.test(stringAt(message, msh, 12) ?? '') ? [] : ['W-VERSION']),
  ]
  const reading = readSiu(message, eventOf(message).event, envelope.receivedAt, options.profile, warnings)
  return reading.kind === 'change' ? { kind: 'changes', changes: [reading.change] } : reading
}

function eventOf(message: Message): ReturnType<typeof readEvent> {
  const msh = findSegment(message, 'MSH')
  const part = (component: number): string => stringAt(message, msh, 9, component) ?? ''
  return readEvent(part(1), part(2), part(3), stringAt(message, findSegment(message, 'EVN'), 1))
}

/** The checks that come before the content, in the order of the standard (V2-ACK-1). */
function refusal(message: Message, options: ReadOptions): Fault | undefined {
  const headers = message.segments.filter((segment) => segment.name === 'MSH').length
  if (headers > 1 || message.segments.some((segment) => segment.name === 'FHS' || segment.name === 'BHS')) {
    return { kind: 'unsupported', code: '207', at: 'MSH', text: 'batch not supported' }
  }
  const { type, event } = eventOf(message)
  if (type !== 'SIU') {
    const mismatch = findSegment(message, 'SCH') ? ', its body has an SCH (W-BODY-MISMATCH)' : ''
    return { kind: 'unsupported', code: '200', at: 'MSH-9', text: `message type not supported${mismatch}` }
  }
  if (!siuEvents.includes(event)) return { kind: 'unsupported', code: '201', at: 'MSH-9', text: 'event not supported' }
  const msh = findSegment(message, 'MSH')
  const processingId = stringAt(message, msh, 11)
  if (processingId !== undefined && !options.processingIds.includes(processingId)) {
    return { kind: 'unsupported', code: '202', at: 'MSH-11', text: 'processing id not taken here' }
  }
  if (stringAt(message, msh, 14) !== undefined)
    return { kind: 'unsupported', code: '207', at: 'MSH-14', text: 'continuation not supported' }
  if (stringAt(message, msh, 10) === undefined) return { kind: 'content', code: '101', at: 'MSH-10', text: 'no message control id' }
  return undefined
}
