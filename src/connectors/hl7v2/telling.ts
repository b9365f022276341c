import type { Temporal } from 'temporal-polyfill'
import type { WriteBack } from '../../core/write-back.ts'
import { controlIdOf } from './control-id.ts'
import { encodingCharacters } from './delimiters.ts'
import { escapeText, recodeRaw } from './escape.ts'
import type { Message, Segment } from './reader.ts'
import { findSegment, stringAt } from './reader.ts'
import { formatTimestamp } from './timestamp.ts'
import { isBefore } from './version.ts'

export type OutboundKind = 'confirm' | 'cancel' | 'arrive'

export interface Coding {
  readonly code: string
  readonly text?: string
}

export interface OutboundOptions {
  readonly zone: string
  readonly ourApplication: string
  readonly ourFacility: string
  readonly theirApplication: string
  readonly theirFacility: string
  /** MSH-15 and MSH-16. */
  readonly acknowledgement: 'original' | 'enhanced'
  /** Of a cancellation: action `D` of its resources, in the place of `X`. */
  readonly deleteResources: boolean
  /** SCH-25 of each; empty: the last word the EHR itself said. */
  readonly statusWord: Readonly<Record<OutboundKind, string>>
  /** SCH-6, ARQ-6 of each. */
  readonly reason: Readonly<Record<OutboundKind, Coding>>
}

/** One answer of a patient, and the EHR's last message of that appointment, from which it is told. */
export interface Telling {
  readonly writeBack: WriteBack
  readonly last: Message
  /** When the appointment ends, as far as that message says. */
  readonly end?: Temporal.Instant
  readonly options: OutboundOptions
}

export interface Outbound {
  readonly controlId: string
  readonly bytes: Buffer
}

/** Fields of the patient and the visit that are sent back: enough to be recognised by, never PID-19 (§1.14). */
const echoed: Readonly<Record<'PID' | 'PV1', readonly number[]>> = { PID: [1, 2, 3, 5, 7, 8], PV1: [1, 2, 3, 7, 19] }

const resourceNames = ['RGS', 'AIS', 'AIG', 'AIL', 'AIP']

/** A segment as it came, in our charset; `[n]` is field n. */
export function echoSegment({ delimiters, decode }: Message, segment: Segment): string[] {
  return segment.fields.map((field, n) => (n === 0 ? segment.name : recodeRaw(field, delimiters, decode)))
}

export function echoEach(message: Message, name: string): string[][] {
  return message.segments.filter((segment) => segment.name === name).map((segment) => echoSegment(message, segment))
}

/** Who it is, and nothing more of PID and PV1. */
export function echoPatient(message: Message): string[][] {
  return (['PID', 'PV1'] as const).flatMap((name) =>
    echoEach(message, name).map((fields) => fields.map((field, n) => (n === 0 || echoed[name].includes(n) ? field : ''))),
  )
}

/** The resources that still stand, each with this action (HL7 table 0206: `X` no change, `D` delete). */
export function echoResources(message: Message, action: 'X' | 'D'): string[][] {
  return message.segments
    .filter((segment) => resourceNames.includes(segment.name) && stringAt(message, segment, 2) !== 'D')
    .map((segment) => {
      const fields = echoSegment(message, segment)
      fields[1] ??= ''
      fields[2] = action
      return fields
    })
}

/** CE of SCH-6 and ARQ-6. */
export function writeReason({ last: { delimiters }, options }: Telling, kind: OutboundKind): string {
  const { code, text = '' } = options.reason[kind]
  return [escapeText(code, delimiters), escapeText(text, delimiters), 'L'].join(delimiters.component)
}

/** XCN of whoever entered it: this service. */
export function writeOurselves({ last: { delimiters }, options }: Telling): string {
  return [escapeText(options.ourApplication, delimiters), 'Reminder', 'Service'].join(delimiters.component)
}

/** With its offset, whose sign a message may have made a delimiter of its own. */
export function writeTime({ last, options }: Telling, at: Temporal.Instant): string {
  return escapeText(formatTimestamp(at, options.zone), last.delimiters)
}

const remarks: Readonly<Record<WriteBack['kind'], string>> = {
  confirm: 'Confirmed by patient',
  cancel: 'Cancelled by patient',
  arrive: 'Patient arrived, says the patient',
  answers: 'Answered by patient',
}

/** At most 200 characters, and nothing about the patient (WB-V2-2). */
export function writeRemark({ writeBack, options, last }: Telling): string[] {
  const at = writeBack.answeredAt.toZonedDateTimeISO(options.zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
  return ['NTE', '1', 'P', escapeText(`${remarks[writeBack.kind]} ${at}`, last.delimiters)]
}

/**
 * A whole message of ours, below an MSH of ours, in the version and with the delimiters of the EHR's. The same write-back and method give the
 * same bytes, whenever they are written (MLLP-7); another method is another message.
 */
export function writeMessage(telling: Telling, method: string, structure: string, segments: readonly (readonly string[])[]): Outbound {
  const { delimiters } = telling.last
  const controlId = controlIdOf(`${telling.writeBack.id}:${method}`)
  const body = segments.map((fields) => writeSegment(fields, delimiters.field))
  const header = writeHeader(telling, method, structure, controlId, charsetOf(versionOf(telling.last), body))
  const lines = [writeSegment(header, delimiters.field), ...body]
  return { controlId, bytes: Buffer.from(`${lines.join('\r')}\r`, 'utf8') }
}

export function versionOf(message: Message): string {
  return stringAt(message, findSegment(message, 'MSH'), 12) ?? '2.3'
}

/** MSH-18; up to version 2.3 it has six characters and no name for UTF-8, so what is in ASCII anyway says nothing there. */
function charsetOf(version: string, lines: readonly string[]): string {
  const isAscii = lines.every((line) => Buffer.byteLength(line) === line.length)
  return isAscii && isBefore(version, 2, 3, 1) ? '' : 'UNICODE UTF-8'
}

function writeHeader(telling: Telling, method: string, structure: string, controlId: string, charset: string): string[] {
  const { last, options, writeBack } = telling
  const { delimiters } = last
  const text = (value: string): string => escapeText(value, delimiters)
  const version = versionOf(last)
  const type = [...method.split('^'), ...(isBefore(version, 2, 3, 1) ? [] : [text(structure)])].join(delimiters.component)
  return [
    'MSH',
    encodingCharacters(delimiters),
    text(options.ourApplication),
    text(options.ourFacility),
    text(options.theirApplication),
    text(options.theirFacility),
    writeTime(telling, writeBack.dueAt),
    '',
    type,
    controlId,
    text(stringAt(last, findSegment(last, 'MSH'), 11) ?? 'P'),
    text(version),
    ...['', ''],
    ...(options.acknowledgement === 'enhanced' ? ['AL', 'NE'] : ['', '']),
    '',
    text(charset),
  ]
}

/** Without the empty fields at its end. */
function writeSegment(fields: readonly string[], separator: string): string {
  const last = fields.findLastIndex((field) => field !== '')
  return fields.slice(0, last + 1).join(separator)
}
