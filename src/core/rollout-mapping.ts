import { Temporal } from 'temporal-polyfill'
import type { CsvLine } from './csv.ts'
import type { ChannelKind } from './patient.ts'
import type { ComparedKind, LogFault, LogFaultReason } from './rollout-log.ts'

/** How the former system's log is read: its columns as its first line calls them, and its words. */
export interface LogMapping {
  readonly columns: {
    /** One column, or the day's and the hour's. */
    readonly when: readonly string[]
    readonly channel?: string
    readonly kind?: string
    readonly outcome?: string
    /** The appointment's id at the EHR. */
    readonly appointment?: string
    /** The patient's id at the EHR. */
    readonly patient?: string
    /** A phone number or an e-mail address. */
    readonly contact?: string
  }
  /** Of a file without such a column. */
  readonly channel?: ChannelKind
  readonly kind?: ComparedKind
  /** Its words, in any case; `ignore`: such rows are left out. */
  readonly channels?: Readonly<Record<string, ChannelKind | 'ignore'>>
  readonly kinds?: Readonly<Record<string, ComparedKind | 'ignore'>>
  readonly outcomes?: Readonly<Record<string, 'sent' | 'failed' | 'ignore'>>
  /** Whose ids they are; absent: of the clinic's only connector. */
  readonly connector?: string
  /** Where numbers without a country are of (ISO 3166); Canada unless told. */
  readonly country?: string
  /** For so many days after each message its line is kept; 90 unless told. */
  readonly keepDays?: number
}

/** A log that is written with our own names. */
export const plainMapping: LogMapping = {
  columns: {
    when: ['when'],
    channel: 'channel',
    kind: 'kind',
    outcome: 'outcome',
    appointment: 'appointment',
    patient: 'patient',
    contact: 'contact',
  },
}

/** One row of a log, before anybody is looked for. */
export interface LogRow {
  readonly line: number
  readonly at: Temporal.Instant
  readonly channel: ChannelKind
  readonly kind: ComparedKind
  readonly outcome: 'sent' | 'failed'
  readonly appointment?: string
  readonly patient?: string
  readonly contact?: string
}

export interface LogRead {
  readonly rows: readonly LogRow[]
  readonly faults: readonly LogFault[]
  /** Rows whose words are to be left out. */
  readonly ignored: number
}

/** A column that the mapping names and the file has not. */
export class MissingColumn extends Error {
  override readonly name = 'MissingColumn'
  readonly column: string
  constructor(column: string) {
    super(`the first line must name the columns; ${column} is missing`)
    this.column = column
  }
}

const channelWords: Readonly<Record<string, ChannelKind>> = {
  sms: 'sms',
  text: 'sms',
  texto: 'sms',
  mobile: 'sms',
  email: 'email',
  'e-mail': 'email',
  mail: 'email',
  courriel: 'email',
  push: 'push',
}

const kindWords: Readonly<Record<string, ComparedKind>> = {
  confirmation: 'confirmation',
  reminder: 'reminder',
  rappel: 'reminder',
  previsit: 'reminder',
  change: 'change',
  changement: 'change',
  déplacement: 'change',
  modification: 'change',
  cancellation: 'cancellation',
  annulation: 'cancellation',
  no_show: 'no_show',
  absence: 'no_show',
}

const outcomeWords: Readonly<Record<string, 'sent' | 'failed'>> = {
  '': 'sent',
  sent: 'sent',
  delivered: 'sent',
  envoyé: 'sent',
  remis: 'sent',
  livré: 'sent',
  ok: 'sent',
  failed: 'failed',
  undelivered: 'failed',
  échec: 'failed',
  rejected: 'failed',
}

/** Reads what `parseCsv` found, its first line the names. Throws a `MissingColumn`; what is wrong with a row is among `faults`, and no value of it. */
export function readLog(lines: readonly CsvLine[], mapping: LogMapping, zone: string, now: Temporal.Instant): LogRead {
  const [head, ...body] = lines
  const names = (head?.cells ?? []).map((name) => fold(name))
  const placeOf = (column: string): number => {
    const place = names.indexOf(fold(column))
    if (place < 0) throw new MissingColumn(column)
    return place
  }
  const { columns } = mapping
  const isPlain = mapping === plainMapping
  const optional = (column: string | undefined) =>
    column === undefined || (isPlain && !names.includes(fold(column))) ? undefined : placeOf(column)
  const places = {
    when: columns.when.map(placeOf),
    channel: optional(columns.channel),
    kind: optional(columns.kind),
    outcome: optional(columns.outcome),
    appointment: optional(columns.appointment),
    patient: optional(columns.patient),
    contact: optional(columns.contact),
  }
  const words = {
    channels: dictionaryOf(channelWords, mapping.channels),
    kinds: dictionaryOf(kindWords, mapping.kinds),
    outcomes: dictionaryOf(outcomeWords, mapping.outcomes),
  }
  const rows: LogRow[] = []
  const faults: LogFault[] = []
  let ignored = 0
  for (const { line, cells } of body) {
    if (cells.every((cell) => cell.trim() === '')) continue
    const row = readRow(cells)
    if (row === 'ignored') ignored += 1
    else if ('reason' in row) faults.push({ line, ...row })
    else rows.push({ line, ...row })
  }
  return { rows, faults, ignored }

  function readRow(cells: readonly string[]): Omit<LogRow, 'line'> | Omit<LogFault, 'line'> | 'ignored' {
    if (cells.length > names.length) return { reason: 'cells' }
    const cell = (place: number | undefined) => (place === undefined ? '' : (cells[place]?.trim() ?? ''))
    const fault = (reason: LogFaultReason, column?: string) => ({ reason, ...(column !== undefined && { column }) })
    const channel = places.channel === undefined ? mapping.channel : words.channels.get(fold(cell(places.channel)))
    const kind = places.kind === undefined ? mapping.kind : words.kinds.get(fold(cell(places.kind)))
    const outcome = places.outcome === undefined ? 'sent' : words.outcomes.get(fold(cell(places.outcome)))
    if (channel === 'ignore' || kind === 'ignore' || outcome === 'ignore') return 'ignored'
    if (channel === undefined) return fault('channel_unknown', columns.channel)
    if (kind === undefined) return fault('kind_unknown', columns.kind)
    if (outcome === undefined) return fault('outcome_unknown', columns.outcome)
    const written = places.when.map((place) => cell(place)).join(' ')
    if (written.trim() === '') return fault('when_missing', columns.when[0])
    const at = readWhen(written, zone)
    if (!at) return fault('when_unreadable', columns.when[0])
    if (Temporal.Instant.compare(at, now.add({ hours: 24 })) > 0) return fault('in_future', columns.when[0])
    const [appointment, patient, contact] = [cell(places.appointment), cell(places.patient), cell(places.contact)]
    if (!appointment && !patient && !contact) return fault('nobody')
    return { at, channel, kind, outcome, ...(appointment && { appointment }), ...(patient && { patient }), ...(contact && { contact }) }
  }
}

function fold(text: string): string {
  return text.trim().toLowerCase().normalize('NFC')
}

function dictionaryOf<Word>(ours: Readonly<Record<string, Word>>, theirs: Readonly<Record<string, Word | 'ignore'>> = {}) {
  return new Map<string, Word | 'ignore'>([
    ...Object.entries(ours),
    ...Object.entries(theirs).map(([word, means]) => [fold(word), means] as const),
  ])
}

const dayFirst = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T]+(\d{1,2})\s*[:hH]\s*(\d{2})(?::(\d{2}))?$/
const yearFirst = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})[ T]+(\d{1,2})\s*[:hH]\s*(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$/

/** An instant of ISO 8601; or a day and an hour by the clinic's clock, the year or the day first. */
export function readWhen(written: string, zone: string): Temporal.Instant | undefined {
  const text = written.trim().replace(/\s+/g, ' ')
  try {
    if (/^\d{4}-\d{2}-\d{2}[ T].*(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return Temporal.Instant.from(text.replace(' ', 'T'))
    const french = dayFirst.exec(text)
    const iso = yearFirst.exec(text)
    const [year, month, day, hour, minute, second] = french
      ? [french[3], french[2], french[1], french[4], french[5], french[6]]
      : [iso?.[1], iso?.[2], iso?.[3], iso?.[4], iso?.[5], iso?.[6]]
    if (year === undefined) return undefined
    const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second ?? '0'].map(Number)
    const fields = { year: y ?? 0, month: mo ?? 0, day: d ?? 0, hour: h ?? 0, minute: mi ?? 0, second: s ?? 0 }
    return Temporal.PlainDateTime.from(fields, { overflow: 'reject' }).toZonedDateTime(zone).toInstant()
  } catch {
    return undefined
  }
}
