import type { Temporal } from 'temporal-polyfill'
import type { Fault } from '../../core/envelope.ts'
import type { Receipt } from '../connector.ts'
import { controlIdOf } from './control-id.ts'
import { encodingCharacters, STANDARD_DELIMITERS } from './delimiters.ts'
import { escapeText } from './escape.ts'
import { readEvent } from './event.ts'
import type { Header } from './header.ts'
import { headerValue, readHeader } from './header.ts'
import { formatTimestamp } from './timestamp.ts'
import { isBefore } from './version.ts'

export interface AckPolicy {
  /** To a sender that asks for answers on errors only (MSH-15 `ER`): answer successes too, since many wait all the same. */
  readonly onEr: boolean
  /** To a sender that wants no answer at all (MSH-15 and MSH-16 `NE`): answer all the same. */
  readonly force: boolean
  /** `original`: AA, AE, AR whatever MSH-15 and MSH-16 ask for; `enhanced`: as if an empty MSH-15 were `AL`. */
  readonly mode: 'auto' | 'original' | 'enhanced'
  /** After an accept acknowledgement send the application acknowledgement too, where MSH-16 asks for it. */
  readonly application: boolean
}

/** What an integrator gets who sets nothing. */
export const defaultAckPolicy: AckPolicy = { onEr: true, force: false, mode: 'auto', application: true }

export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR'

type Verdict = 'taken' | 'unsupported' | 'content'

function verdictOf(receipt: Receipt): Verdict {
  switch (receipt.disposition) {
    case 'applied':
    case 'accepted':
    case 'ignored':
      return 'taken'
    case 'quarantined':
      return receipt.fault?.kind ?? 'content'
    default:
      return receipt.disposition satisfies never
  }
}

/**
 * V2-ACK-2: what MSH-15 and MSH-16 ask for, in the order in which it is sent; none: no answer. A CA promises the application acknowledgement
 * that MSH-16 asks for; a CE or CR is the end of it.
 */
export function ackCodes(receipt: Receipt, accept: string, application: string, policy: AckPolicy): readonly AckCode[] {
  const verdict = verdictOf(receipt)
  const original = { taken: 'AA', unsupported: 'AR', content: 'AE' } as const
  const enhanced = { taken: 'CA', unsupported: 'CR', content: 'CE' } as const
  const later: readonly AckCode[] =
    policy.application && verdict === 'taken' && (application === 'AL' || application === 'SU') ? ['AA'] : []
  switch (policy.mode === 'original' ? '' : accept === '' && policy.mode === 'enhanced' ? 'AL' : accept) {
    case 'AL':
      return [enhanced[verdict], ...later]
    case 'ER':
      if (verdict !== 'taken') return [enhanced[verdict]]
      return policy.onEr ? ['AA'] : later
    case 'SU':
      return verdict === 'taken' ? ['CA', ...later] : [original[verdict]]
    case 'NE':
      return application === 'NE' && !policy.force ? [] : [original[verdict]]
    default:
      return [original[verdict]]
  }
}

export interface Acknowledgement {
  readonly code: AckCode
  readonly bytes: Buffer
}

/**
 * The answers to a message, from its bytes and from what became of it (V2-ACK-1 to -6), each a message of ours; none where the sender wants
 * none. Works for anything, bytes without an MSH included. MSH-10 comes back byte for byte.
 */
export function acknowledge(
  body: Uint8Array,
  receipt: Receipt,
  now: Temporal.Instant,
  zone: string,
  policy: AckPolicy,
): readonly Acknowledgement[] {
  const header: Header = readHeader(body) ?? { delimiters: STANDARD_DELIMITERS, fields: ['MSH', '|'] }
  const codes = ackCodes(receipt, headerValue(header, 15).toUpperCase(), headerValue(header, 16).toUpperCase(), policy)
  return codes.map((code, index) => ({ code, bytes: writeAck(header, code, receipt, now, zone, index > 0) }))
}

function writeAck(header: Header, code: AckCode, receipt: Receipt, now: Temporal.Instant, zone: string, isLater: boolean): Buffer {
  const version = headerValue(header, 12) || '2.3'
  const refusal = receipt.disposition === 'quarantined' ? (receipt.fault ?? unexplained) : undefined
  const lines = [writeHeader(header, version, now, zone, isLater), writeMsa(header, code, version, refusal)]
  if (refusal) lines.push(writeError(refusal, header, version))
  return Buffer.from(`${lines.join('\r')}\r`, 'latin1')
}

/** Up to version 2.4 the words of a refusal stand in MSA-3, since ERR has no place for them. */
function writeMsa(header: Header, code: AckCode, version: string, refusal: Fault | undefined): string {
  const words = refusal && isBefore(version, 2, 5) ? [plain(refusal.text.slice(0, 80), header)] : []
  return ['MSA', code, echo(header, 10), ...words].join(header.delimiters.field)
}

const unexplained: Fault = { kind: 'content', code: '207', text: 'not accepted' }

/** A field as received, less the two bytes that would break our frame. */
function echo(header: Header, field: number): string {
  return (header.fields[field] ?? '').replaceAll('\x0b', '').replaceAll('\x1c', '')
}

/** Of ours, in ASCII: it reads the same in the sender's charset, whatever that is. */
function plain(text: string, header: Header): string {
  return escapeText(text.replaceAll(/[^ -~]/g, '?'), header.delimiters)
}

/**
 * V2-ACK-5: sender and receiver swapped; the rest of our fields are ASCII, so the sender's charset holds. A later, application-level answer
 * wants none itself: it follows on the same connection, and is never sent again.
 */
function writeHeader(header: Header, version: string, now: Temporal.Instant, zone: string, isLater: boolean): string {
  const { delimiters } = header
  const { event } = readEvent('', headerValue(header, 9, 2), headerValue(header, 9, 3))
  const type = isBefore(version, 2, 3, 1) || event === '' ? 'ACK' : ['ACK', escapeText(event, delimiters), 'ACK'].join(delimiters.component)
  const fields = [
    `MSH${delimiters.field}${encodingCharacters(delimiters)}`,
    echo(header, 5),
    echo(header, 6),
    echo(header, 3),
    echo(header, 4),
    escapeText(formatTimestamp(now, zone), delimiters),
    '',
    type,
    controlIdOf(`${isLater ? 'application' : 'ack'}:${header.fields.join(delimiters.field)}:${now.epochNanoseconds}`),
    echo(header, 11) || 'P',
    escapeText(version, delimiters),
  ]
  const charset = echo(header, 18)
  const asked = isLater ? ['', '', 'NE', 'NE'] : ['', '', '', '']
  const rest = charset === '' ? (isLater ? asked : []) : [...asked, '', charset]
  return [...fields, ...rest].join(delimiters.field)
}

const conditions: Readonly<Record<string, string>> = {
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '104': 'Value too long',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '206': 'Application record locked',
  '207': 'Application internal error',
}

/** V2-ACK-6: ERR-1 up to version 2.4; from 2.5 on ERR-2, ERR-3, ERR-4 and, in words, ERR-7. */
function writeError(fault: Fault, header: Header, version: string): string {
  const { field, component, subcomponent } = header.delimiters
  const text = (value: string): string => plain(value, header)
  const [segment = '', position = ''] = (fault.at ?? '').split('-')
  const place = segment === '' ? [] : [text(segment), '1', ...(position === '' ? [] : [text(position)])]
  const condition = [text(fault.code), text(conditions[fault.code] ?? 'Error'), 'HL70357']
  if (isBefore(version, 2, 5)) {
    return ['ERR', [place[0] ?? '', place[1] ?? '', place[2] ?? '', condition.join(subcomponent)].join(component)].join(field)
  }
  return ['ERR', '', place.join(component), condition.join(component), 'E', '', '', text(fault.text)].join(field)
}
