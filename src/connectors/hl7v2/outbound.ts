import type { WriteBack } from '../../core/write-back.ts'
import { controlIdOf } from './control-id.ts'
import { encodingCharacters } from './delimiters.ts'
import { escapeText, recodeRaw } from './escape.ts'
import type { Message, Segment } from './reader.ts'
import { findSegment, stringAt } from './reader.ts'
import { formatTimestamp } from './timestamp.ts'

export type OutboundKind = 'confirm' | 'cancel' | 'arrive'

export interface OutboundOptions {
  readonly zone: string
  readonly ourApplication: string
  readonly ourFacility: string
  readonly theirApplication: string
  readonly theirFacility: string
  /** SCH-25 of each; empty: the last word the EHR itself said. */
  readonly statusWord: Readonly<Record<OutboundKind, string>>
  /** SCH-6 of each. */
  readonly reason: Readonly<Record<OutboundKind, { readonly code: string; readonly text?: string }>>
}

export interface Outbound {
  readonly controlId: string
  readonly bytes: Buffer
}

const events: Readonly<Record<OutboundKind, string>> = { confirm: 'S14', arrive: 'S14', cancel: 'S15' }
const remarks: Readonly<Record<OutboundKind, string>> = {
  confirm: 'Confirmed by patient',
  cancel: 'Cancelled by patient',
  arrive: 'Patient arrived, says the patient',
}

const LAST_SCH_FIELD = 25
/** Fields of the patient and the visit that are sent back: enough to be recognised by, never PID-19 (§1.14). */
const echoed: Readonly<Record<string, readonly number[]>> = { PID: [1, 2, 3, 5, 7, 8], PV1: [1, 2, 3, 7, 19] }
const resourceNames = ['RGS', 'AIS', 'AIG', 'AIL', 'AIP']

/**
 * The SIU that tells the EHR what the patient did: its own last message, with only MSH, SCH-6, SCH-20, SCH-25, NTE and the action codes new
 * (WB-V2-1, §3.3). The same write-back gives the same bytes, whenever it is built (MLLP-7).
 */
export function buildOutbound(last: Message, kind: OutboundKind, writeBack: WriteBack, options: OutboundOptions): Outbound {
  const controlId = controlIdOf(writeBack.id)
  const { field } = last.delimiters
  const raw = (segment: Segment, n: number): string => recodeRaw(segment.fields[n] ?? '', last.delimiters, last.decode)
  const whole = (segment: Segment): string[] => segment.fields.map((_, n) => (n === 0 ? segment.name : raw(segment, n)))
  const lines: string[][] = [writeHeader(last, kind, writeBack, controlId, options)]
  const sch = findSegment(last, 'SCH')
  if (sch) lines.push(writeSchedule(whole(sch), last, kind, options))
  for (const tq1 of last.segments.filter((segment) => segment.name === 'TQ1')) lines.push(whole(tq1))
  lines.push(['NTE', '1', 'P', escapeText(remark(kind, writeBack, options.zone), last.delimiters)])
  for (const segment of last.segments) {
    const kept = echoed[segment.name]
    if (kept) lines.push(whole(segment).map((value, n) => (n === 0 || kept.includes(n) ? value : '')))
    else if (resourceNames.includes(segment.name) && stringAt(last, segment, 2) !== 'D') lines.push(withAction(whole(segment)))
  }
  const text = lines.map((fields) => writeSegment(fields, field)).join('\r')
  return { controlId, bytes: Buffer.from(`${text}\r`, 'utf8') }
}

/** Without the empty fields at its end. */
function writeSegment(fields: readonly string[], separator: string): string {
  const last = fields.findLastIndex((field) => field !== '')
  return fields.slice(0, last + 1).join(separator)
}

function writeHeader(last: Message, kind: OutboundKind, writeBack: WriteBack, controlId: string, options: OutboundOptions): string[] {
  const { delimiters } = last
  const text = (value: string): string => escapeText(value, delimiters)
  const msh = findSegment(last, 'MSH')
  const version = stringAt(last, msh, 12) ?? '2.3'
  const type = ['SIU', events[kind], ...(version === '2.3' || version === '2.2' ? [] : ['SIU_S12'])].join(delimiters.component)
  return [
    'MSH',
    encodingCharacters(delimiters),
    text(options.ourApplication),
    text(options.ourFacility),
    text(options.theirApplication),
    text(options.theirFacility),
    formatTimestamp(writeBack.dueAt, options.zone),
    '',
    type,
    controlId,
    text(stringAt(last, msh, 11) ?? 'P'),
    text(version),
    ...['', '', '', '', ''],
    'UNICODE UTF-8',
  ]
}

function writeSchedule(fields: string[], last: Message, kind: OutboundKind, options: OutboundOptions): string[] {
  const { delimiters } = last
  const text = (value: string): string => escapeText(value, delimiters)
  const sch = Array.from({ length: Math.max(fields.length, LAST_SCH_FIELD + 1) }, (_, n) => fields[n] ?? '')
  const { code, text: label } = options.reason[kind]
  sch[6] = [text(code), text(label ?? ''), 'L'].join(delimiters.component)
  sch[20] = [text(options.ourApplication), 'Reminder', 'Service'].join(delimiters.component)
  const word = options.statusWord[kind]
  if (word !== '') sch[LAST_SCH_FIELD] = text(word)
  return sch
}

/** HL7 table 0206 `X`: no change. */
function withAction(fields: string[]): string[] {
  const written = [...fields]
  written[1] ??= ''
  written[2] = 'X'
  return written
}

/** At most 200 characters, and nothing about the patient (WB-V2-2). */
function remark(kind: OutboundKind, writeBack: WriteBack, zone: string): string {
  const at = writeBack.answeredAt.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
  return `${remarks[kind]} ${at}`
}
