import { Temporal } from 'temporal-polyfill'

type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction'

/** A date and time as written: wall clock, and the offset where one was written with it. */
export interface Timestamp {
  /** The wall clock, in milliseconds, counted as if it stood in UTC. */
  readonly wallMs: number
  /** What is finer than that: 0 to 999. */
  readonly micros: number
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
const DAY_MS = 86_400_000

function build(parts: readonly (string | undefined)[], fraction: string | undefined, offset: string | undefined): Timestamp | undefined {
  const written = parts.filter((part) => part !== undefined).length
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  )
  // HL7 v2.5.1 ch. 2.A.22 forbids hour 24; senders write 240000 for the midnight that ends the day.
  const endOfDay = hour === 24 && minute === 0 && second === 0
  if (year < 1000 || month < 1 || month > 12 || (hour > 23 && !endOfDay) || minute > 59 || second > 59) return undefined
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const offsetMinutes = offset === undefined ? undefined : readOffset(offset)
  if (offset !== undefined && offsetMinutes === undefined) return undefined
  const micros = Number((fraction ?? '').padEnd(6, '0'))
  return {
    wallMs: date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(micros / 1000),
    micros: micros % 1000,
    precision: fraction === undefined ? (precisions[written - 1] ?? 'year') : 'fraction',
    ...(offsetMinutes !== undefined && { offsetMinutes }),
  }
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
  const { wallMs, micros, offsetMinutes } = timestamp
  const placed = placeWallClock(wallMs, zone)
  const exact = (ms: number): Temporal.Instant => {
    const at = Temporal.Instant.fromEpochMilliseconds(ms)
    return micros === 0 ? at : at.add({ microseconds: micros })
  }
  if (offsetMinutes === undefined) return { at: exact(placed.ms), warnings: placed.warnings }
  const ms = wallMs - offsetMinutes * 60_000
  if (ms === placed.ms || offsetMsAt(ms, zone) === offsetMinutes * 60_000) return { at: exact(ms), warnings: [] }
  return { at: exact(trust === 'offset' ? ms : placed.ms), warnings: ['W-OFFSET-MISMATCH'] }
}

interface PlacedMs {
  readonly ms: number
  readonly warnings: readonly string[]
}

/** Offsets, in milliseconds, of days far from a clock change, which are nearly all; a zone's rules do not change while we run. */
const quietDays = new Map<string, number | undefined>()
const MOST_QUIET_DAYS = 5000

/** The offset at a wall clock or at an instant; undefined where the clock changes within a day of it. */
function quietOffset(ms: number, zone: string): number | undefined {
  const day = Math.floor(ms / DAY_MS)
  const key = `${zone} ${day}`
  if (!quietDays.has(key)) {
    if (quietDays.size >= MOST_QUIET_DAYS) quietDays.clear()
    const before = Temporal.Instant.fromEpochMilliseconds((day - 1) * DAY_MS).toZonedDateTimeISO(zone)
    const change = before.getTimeZoneTransition('next')
    const changes = change !== null && change.epochMilliseconds < (day + 2) * DAY_MS
    quietDays.set(key, changes ? undefined : before.offsetNanoseconds / 1e6)
  }
  return quietDays.get(key)
}

function placeWallClock(wallMs: number, zone: string): PlacedMs {
  const offset = quietOffset(wallMs, zone)
  return offset === undefined ? placeNearChange(wallMs, zone) : { ms: wallMs - offset, warnings: [] }
}

/** A gap moves forward, an overlap takes the first of the two: Temporal's "compatible". */
function placeNearChange(wallMs: number, zone: string): PlacedMs {
  const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC').toPlainDateTime()
  const zoned = wall.toZonedDateTime(zone)
  const ms = zoned.epochMilliseconds
  if (!zoned.toPlainDateTime().equals(wall)) return { ms, warnings: ['W-DST-GAP'] }
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
  return { ms, warnings: later.epochMilliseconds === ms ? [] : ['W-DST-OVERLAP'] }
}

function offsetMsAt(ms: number, zone: string): number {
  return quietOffset(ms, zone) ?? Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6
}

/** `20260301120001+0100`: a moment as we write it. */
export function formatTimestamp(at: Temporal.Instant, zone: string): string {
  const offsetMinutes = Math.round(offsetMsAt(at.epochMilliseconds, zone) / 60_000)
  const wall = new Date(at.epochMilliseconds + offsetMinutes * 60_000).toISOString()
  const two = (value: number): string => String(value).padStart(2, '0')
  const offset = two(Math.floor(Math.abs(offsetMinutes) / 60)) + two(Math.abs(offsetMinutes) % 60)
  return `${wall.slice(0, 19).replaceAll(/[-:T]/g, '')}${offsetMinutes < 0 ? '-' : '+'}${offset}`
}
