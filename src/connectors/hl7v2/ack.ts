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

export interface AckPolicy {
  /** To a sender that asks for answers on errors only (MSH-15 `ER`): answer successes too, since many wait all the same. */
  readonly onEr: boolean
  /** To a sender that wants no answer at all (MSH-15 and MSH-16 `NE`): answer all the same. */
  readonly force: boolean
}

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

/** V2-ACK-2: what MSH-15 and MSH-16 ask for. Undefined: no answer. */
export function ackCode(receipt: Receipt, accept: string, application: string, policy: AckPolicy): AckCode | undefined {
  const verdict = verdictOf(receipt)
  const original = { taken: 'AA', unsupported: 'AR', content: 'AE' } as const
  const enhanced = { taken: 'CA', unsupported: 'CR', content: 'CE' } as const
  switch (accept) {
    case 'AL':
      return enhanced[verdict]
    case 'ER':
      if (verdict !== 'taken') return enhanced[verdict]
      return policy.onEr ? 'AA' : undefined
    case 'SU':
      return verdict === 'taken' ? 'CA' : original[verdict]
    case 'NE':
      return application === 'NE' && !policy.force ? undefined : original[verdict]
    default:
      return original[verdict]
  }
}

/**
 * The answer to a message, from its bytes and from what became of it (V2-ACK-1 to -6); undefined where the sender wants none.
 * Works for anything, bytes without an MSH included. MSH-10 comes back byte for byte.
 */
export function acknowledge(
  body: Uint8Array,
  receipt: Receipt,
  now: Temporal.Instant,
  zone: string,
  policy: AckPolicy,
): Buffer | undefined {
  const header: Header = readHeader(body) ?? { delimiters: STANDARD_DELIMITERS, fields: ['MSH', '|'] }
  const code = ackCode(receipt, headerValue(header, 15).toUpperCase(), headerValue(header, 16).toUpperCase(), policy)
  if (code === undefined) return undefined
  const { field } = header.delimiters
  const version = headerValue(header, 12) || '2.3'
  const lines = [writeHeader(header, version, now, zone), ['MSA', code, echo(header, 10)].join(field)]
  if (receipt.disposition === 'quarantined') lines.push(writeError(receipt.fault ?? unexplained, header, version))
  return Buffer.from(`${lines.join('\r')}\r`, 'latin1')
}

const unexplained: Fault = { kind: 'content', code: '207', text: 'not accepted' }

/** A field as received, less the two bytes that would break our frame. */
function echo(header: Header, field: number): string {
  return (header.fields[field] ?? '').replaceAll('\x0b', '').replaceAll('\x1c', '')
}

/** V2-ACK-5: sender and receiver swapped; the rest of our fields are ASCII, so the sender's charset holds. */
function writeHeader(header: Header, version: string, now: Temporal.Instant, zone: string): string {
  const { delimiters } = header
  const { event } = readEvent('', headerValue(header, 9, 2), headerValue(header, 9, 3))
  const type = isBefore(version, 2, 3, 1) || event === '' ? 'ACK' : ['ACK', escapeText(event, delimiters), 'ACK'].join(delimiters.component)
  const fields = [
    `MSH${delimiters.field}${encodingCharacters(delimiters)}`,
    echo(header, 5),
    echo(header, 6),
    echo(header, 3),
    echo(header, 4),
    formatTimestamp(now, zone),
    '',
    type,
    controlIdOf(`ack:${header.fields.join(delimiters.field)}:${now.epochNanoseconds}`),
    echo(header, 11) || 'P',
    escapeText(version, delimiters),
  ]
  const charset = echo(header, 18)
  return [...fields, ...(charset === '' ? [] : ['', '', '', '', '', charset])].join(delimiters.field)
}

/** Is a version, as MSH-12 writes it, older than this one? What is no version counts as 2.3. */
function isBefore(version: string, ...limit: readonly number[]): boolean {
  const match = /^(\d)\.(\d)(?:\.(\d))?$/.exec(version.slice(0, 8))
  const parts = match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : [2, 3, 0]
  for (const [index, part] of parts.entries()) {
    const other = limit[index] ?? 0
    if (part !== other) return part < other
  }
  return false
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

/** V2-ACK-6: ERR-1 up to version 2.4, ERR-2 to ERR-7 from 2.5 on. */
function writeError(fault: Fault, header: Header, version: string): string {
  const { field, component, subcomponent } = header.delimiters
  const text = (value: string): string => escapeText(value.replaceAll(/[^ -~]/g, '?'), header.delimiters)
  const [segment = '', position = ''] = (fault.at ?? '').split('-')
  const place = segment === '' ? [] : [text(segment), '1', ...(position === '' ? [] : [text(position)])]
  const condition = [text(fault.code), text(conditions[fault.code] ?? 'Error'), 'HL70357']
  if (isBefore(version, 2, 5)) {
    return ['ERR', [place[0] ?? '', place[1] ?? '', place[2] ?? '', condition.join(subcomponent)].join(component)].join(field)
  }
  return ['ERR', '', place.join(component), condition.join(component), 'E', '', '', text(fault.text)].join(field)
}
