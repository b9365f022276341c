import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { csvLine, parseCsv } from '../../core/csv.ts'
import type { Envelope } from '../../core/envelope.ts'
import { controlIdOf } from './control-id.ts'
import { STANDARD_DELIMITERS } from './delimiters.ts'
import { escapeText } from './escape.ts'
import type { Path } from './path.ts'
import { parsePath } from './path.ts'

/** Columns of an appointment list, of which `needed` must be there; `updated` is when the list was true. */
export const csvColumns = {
  needed: ['id', 'start', 'patient_id'],
  known: [
    ...['status', 'end', 'agenda', 'motif', 'practitioner', 'family', 'given', 'birth_date'],
    ...['phone', 'mobile', 'email', 'language', 'updated'],
  ],
} as const

export interface CsvRows {
  /** Each row with the header above it: one appointment, one envelope. */
  readonly rows: readonly Uint8Array[]
  /** Rows that say too little, by the number of their line; no value of them. */
  readonly faults: readonly { readonly line: number; readonly text: string }[]
}

/**
 * An appointment list (RFC 4180; comma, semicolon or tab; UTF-8, else windows-1252) as one small list for each row. Rows without an `updated`
 * of their own get `updatedAt`, ISO 8601. Throws where a column that is needed is missing, or one is unknown: a misspelt one would be lost.
 */
export function splitCsv(bytes: Uint8Array, updatedAt: string): CsvRows {
  const [head, ...lines] = parseCsv(textOf(bytes))
  const columns = (head?.cells ?? []).map((name) => name.trim().toLowerCase())
  const known: readonly string[] = [...csvColumns.needed, ...csvColumns.known]
  const unknown = columns.find((column) => !known.includes(column))
  const missing = csvColumns.needed.find((column) => !columns.includes(column))
  if (missing !== undefined) throw new Error(`the first line must name the columns; ${missing} is missing`)
  if (unknown !== undefined) throw new Error(`the first line names a column that is not known; those known are ${known.join(', ')}`)
  const faults: { line: number; text: string }[] = []
  const rows = lines.flatMap(({ cells, line }) => {
    if (cells.every((cell) => cell.trim() === '')) return []
    const row = Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
    const empty = csvColumns.needed.find((column) => row[column]?.trim() === '')
    const text = cells.length > columns.length ? 'more cells than columns' : empty !== undefined ? `${empty} is empty` : undefined
    if (text !== undefined) {
      faults.push({ line, text })
      return []
    }
    return [Buffer.from(writeCsv({ ...row, updated: row.updated?.trim() || updatedAt }))]
  })
  return { rows, faults }
}

export function isCsv({ mediaType }: Pick<Envelope, 'mediaType'>): boolean {
  return mediaType.toLowerCase().startsWith('text/csv')
}

interface Places {
  readonly agenda: readonly Path[]
  readonly motif: readonly Path[]
  readonly statusFields: readonly Path[]
  readonly idTypes: readonly string[]
}

/** Where a row's columns stand in the message it becomes, whatever the site's own messages do. */
const places = {
  agenda: [parsePath('SCH-5')],
  motif: [parsePath('SCH-7')],
  practitioner: [parsePath('PV1-7')],
  idFields: [parsePath('SCH-2')],
  statusFields: [parsePath('SCH-25')],
  idTypes: ['MR'],
  originRules: [],
  modalityRules: [],
}

/** One row as the SIU an EHR would have sent, so that phones, languages, times and the site's status words are read by the same rules. */
export function fromCsv<O extends { readonly profile: Places; readonly processingIds: readonly string[] }>(
  envelope: Envelope,
  options: O,
): { readonly envelope: Envelope; readonly options: O } {
  const [head, first] = parseCsv(textOf(envelope.body))
  const row = new Map((head?.cells ?? []).map((column, index) => [column, first?.cells[index]?.trim() ?? '']))
  return {
    envelope: { ...envelope, mediaType: 'application/hl7-v2', body: Buffer.from(toSiu(row)) },
    options: { ...options, forceCharset: 'utf-8', processingIds: ['P'], profile: { ...options.profile, ...places } },
  }
}

function toSiu(row: ReadonlyMap<string, string>): string {
  const cell = (column: string) => escapeText(row.get(column) ?? '', STANDARD_DELIMITERS)
  const id = controlIdOf([...row.values()].join('\u0000'))
  const phones = [...(cell('mobile') && [`${cell('mobile')}^PRN^CP`]), ...(cell('phone') && [`${cell('phone')}^PRN`])]
  const contacts = [...phones, ...(cell('email') && [`^NET^Internet^${cell('email')}`])]
  return [
    segment('MSH', { 2: '^~\\&', 3: 'CSV', 7: cell('updated'), 9: 'SIU^S12^SIU_S12', 10: id, 11: 'P', 12: '2.5.1', 18: 'UNICODE UTF-8' }),
    segment('SCH', { 2: cell('id'), 5: cell('agenda'), 7: cell('motif'), 11: `^^^${cell('start')}^${cell('end')}`, 25: cell('status') }),
    segment('PID', {
      3: `${cell('patient_id')}^^^^MR`,
      5: `${cell('family')}^${cell('given')}`,
      7: cell('birth_date'),
      13: contacts.join('~'),
      15: cell('language'),
    }),
    ...(cell('practitioner') ? [segment('PV1', { 7: `^${cell('practitioner')}` })] : []),
    '',
  ].join('\r')
}

function segment(name: string, fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  const [first, shift] = name === 'MSH' ? [['MSH'], 2] : [[name], 1]
  return [...first, ...Array.from({ length: last - shift + 1 }, (_, index) => fields[index + shift] ?? '')].join('|')
}

function textOf(bytes: Uint8Array): string {
  const text = isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : iconv.decode(Buffer.from(bytes), 'windows-1252')
  return text.replace(/^\ufeff/, '')
}

function writeCsv(row: Readonly<Record<string, string>>): string {
  return csvLine(Object.keys(row)) + csvLine(Object.values(row))
}
