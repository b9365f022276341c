import { Temporal } from 'temporal-polyfill'

export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction'

/** A date and time as written: wall clock, and the offset where one was written with it. */
export interface Timestamp {
  readonly wall: Temporal.PlainDateTime
  readonly precision: Precision
  readonly offsetMinutes?: number
}

/** V2-TIM-1: HL7 DTM, with the fraction that Epic writes without a dot. */
const digits = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6})|(\d{2,4}))?)?)?)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/
/** ISO 8601, which some write in its place. */
const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** Undefined for what is not a date: out of range included. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 40) return undefined
  const match = digits.exec(trimmed)
  if (match) {
    const [, year, month, day, hour, minute, second, dotted, bare, offset] = match
    return build([year, month, day, hour, minute, second], dotted ?? bare, offset)
  }
  const other = iso.exec(trimmed)
  if (!other) return undefined
  const [, year, month, day, hour, minute, second, fraction, offset] = other
  return build([year, month, day, hour, minute, second], fraction, offset)
}

const precisions: readonly Precision[] = ['year', 'month', 'day', 'hour', 'minute', 'second']

function build(parts: readonly (string | undefined)[], fraction: string | undefined, offset: string | undefined): Timestamp | undefined {
  const written = parts.filter((part) => part !== undefined).length
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  )
  // HL7 v2.5.1 ch. 2.A.22 forbids hour 24; senders write 240000 for the midnight that ends the day.
  const endOfDay = hour === 24 && minute === 0 && second === 0
  if (year < 1 || month < 1 || month > 12 || day < 1 || (hour > 23 && !endOfDay) || minute > 59 || second > 59) return undefined
  if (day > Temporal.PlainYearMonth.from({ year, month }).daysInMonth) return undefined
  const micros = Number((fraction ?? '').padEnd(6, '0'))
  const wall = Temporal.PlainDateTime.from({
    year,
    month,
    day,
    hour: endOfDay ? 0 : hour,
    minute,
    second,
    millisecond: Math.floor(micros / 1000),
    microsecond: micros % 1000,
  })
  const precision = fraction === undefined ? (precisions[written - 1] ?? 'year') : 'fraction'
  const offsetMinutes = offset === undefined ? undefined : readOffset(offset)
  if (offset !== undefined && offsetMinutes === undefined) return undefined
  return { wall: endOfDay ? wall.add({ days: 1 }) : wall, precision, ...(offsetMinutes !== undefined && { offsetMinutes }) }
}

function readOffset(text: string): number | undefined {
  if (text === 'Z') return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(-2))
  if (hours > 15 || minutes > 59) return undefined
  return (text[0] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

/** V2-TIM-2: good enough to be on time for. */
export function isPrecise(timestamp: Timestamp): boolean {
  return timestamp.precision === 'minute' || timestamp.precision === 'second' || timestamp.precision === 'fraction'
}

/** Whether an offset that contradicts the zone is believed, or the wall clock it was written with. */
export type OffsetTrust = 'offset' | 'wallclock'

export interface Placed {
  readonly at: Temporal.Instant
  /** `W-DST-GAP`, `W-DST-OVERLAP`, `W-OFFSET-MISMATCH`. */
  readonly warnings: readonly string[]
}

/** V2-TIM-3: the written offset, else the wall clock in the connector's zone; never the offset of MSH-7, which is that of the sending. */
export function placeTimestamp(timestamp: Timestamp, zone: string, trust: OffsetTrust = 'offset'): Placed {
  const { wall, offsetMinutes } = timestamp
  if (offsetMinutes !== undefined) {
    const at = wall.toZonedDateTime('UTC').subtract({ minutes: offsetMinutes }).toInstant()
    if (at.toZonedDateTimeISO(zone).offsetNanoseconds === offsetMinutes * 60e9) return { at, warnings: [] }
    if (trust === 'offset') return { at, warnings: ['W-OFFSET-MISMATCH'] }
    return { at: wall.toZonedDateTime(zone).toInstant(), warnings: ['W-OFFSET-MISMATCH'] }
  }
  const zoned = wall.toZonedDateTime(zone)
  if (!zoned.toPlainDateTime().equals(wall)) return { at: zoned.toInstant(), warnings: ['W-DST-GAP'] }
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
  return { at: zoned.toInstant(), warnings: later.equals(zoned) ? [] : ['W-DST-OVERLAP'] }
}

/** `20260301120001+0100`: a moment as we write it. */
export function formatTimestamp(at: Temporal.Instant, zone: string): string {
  const zoned = at.toZonedDateTimeISO(zone)
  const wall = zoned.toPlainDateTime().toString({ smallestUnit: 'second' })
  return wall.replaceAll(/[-:T]/g, '') + zoned.offset.slice(0, 6).replace(':', '')
}
