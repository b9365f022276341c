import { Temporal } from 'temporal-polyfill'

const instantShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/

export interface Moment {
  readonly at: Temporal.Instant
  /** The text had no offset: taken as wall time of the given zone (interop.md 2.1, `W-INSTANT-NO-ZONE`). */
  readonly zoneless: boolean
}

/** FHIR `instant`, and the same without an offset; undefined if it is neither. */
export function parseInstant(text: string, zone: string): Moment | undefined {
  const match = instantShape.exec(text)
  if (!match) return undefined
  try {
    if (match[3]) return { at: Temporal.Instant.from(text), zoneless: false }
    return { at: Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(zone).toInstant(), zoneless: true }
  } catch {
    return undefined
  }
}

export interface Period {
  readonly start?: string | undefined
  readonly end?: string | undefined
}

/** A bound that is absent or cannot be read does not bind; `2014` lasts until the year is over (FHIR R4 Period). */
export function isWithin(period: Period | undefined, at: Temporal.Instant, zone: string): boolean {
  const start = period?.start === undefined ? undefined : extentOf(period.start, zone)
  const end = period?.end === undefined ? undefined : extentOf(period.end, zone)
  if (start && Temporal.Instant.compare(at, start.from) < 0) return false
  return !end || Temporal.Instant.compare(at, end.until) <= 0
}

/** From the first instant a FHIR `dateTime` of any precision means to the first one after it. */
function extentOf(text: string, zone: string): { readonly from: Temporal.Instant; readonly until: Temporal.Instant } | undefined {
  const moment = parseInstant(text, zone)
  if (moment) return { from: moment.at, until: moment.at }
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text)
  if (!match) return undefined
  const [, year, month, day] = match
  try {
    const first = Temporal.PlainDate.from(`${year}-${month ?? '01'}-${day ?? '01'}`)
    const after = first.add(day ? { days: 1 } : month ? { months: 1 } : { years: 1 })
    const until = after.toZonedDateTime(zone).toInstant().subtract({ nanoseconds: 1 })
    return { from: first.toZonedDateTime(zone).toInstant(), until }
  } catch {
    return undefined
  }
}

/** `Retry-After` in seconds or as a date (RFC 9110 10.2.3); at most a day, undefined if it says neither. */
export function parseRetryAfter(text: string | null, now: Temporal.Instant): Temporal.Duration | undefined {
  if (!text) return undefined
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now.epochMilliseconds) / 1000
  if (!Number.isFinite(seconds)) return undefined
  return Temporal.Duration.from({ seconds: Math.min(Math.max(Math.ceil(seconds), 0), 86_400) })
}
