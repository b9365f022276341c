import { Temporal } from 'temporal-polyfill'
import type { QuietHours, StepTime } from './cadence.ts'
import { dayClockAt, epochMsOf, instantOf, isSteady, msOf, wallClockAt } from './wall-clock.ts'

/**
 * When a step is due. "36 h before" is elapsed time; "the day before at 13:00" is wall time in the agenda's zone:
 * in the gap of a clock change the later instant, in the overlap the first (rules.md section 7).
 */
export function stepDueAt(when: Exclude<StepTime, { afterBooking: unknown }>, start: Temporal.Instant, zone: string): Temporal.Instant {
  if ('before' in when) return start.subtract(when.before)
  return instantOf(dayClockAt(start, zone).dayNumber - when.daysBefore, when.at, zone)
}

/** One night of quiet: from `from` until `until`, the latter excluded. Milliseconds since 1970: every decision asks, few need an instant of it. */
export interface Quiet {
  readonly from: number
  readonly until: number
}

/** The quiet hours that hold at this instant, or none. */
export function quietAt(at: Temporal.Instant, zone: string, hours: QuietHours | undefined): Quiet | undefined {
  if (!hours) return undefined
  const { dayNumber, msOfDay } = dayClockAt(at, zone)
  const [begin, end] = [msOf(hours.from), msOf(hours.until)]
  const spansMidnight = begin > end
  const isAwake = spansMidnight ? end <= msOfDay && msOfDay < begin : msOfDay < begin || end <= msOfDay
  if (isAwake && isSteady(at, zone)) return undefined
  const firstDay = spansMidnight && msOfDay < end ? dayNumber - 1 : dayNumber
  const from = epochMsOf(firstDay, hours.from, zone)
  const until = epochMsOf(firstDay + (spansMidnight ? 1 : 0), hours.until, zone)
  return from <= at.epochMilliseconds && at.epochMilliseconds < until ? { from, until } : undefined
}

const MINUTE_MS = 60_000
const THREE_HOURS_MS = 10_800_000

/**
 * A scheduled message that would fall into quiet hours goes a minute before them where that is still ahead of `notBefore`
 * (the booking, and now), else when they end (rules.md section 7).
 */
export function outsideQuiet(
  due: Temporal.Instant,
  notBefore: Temporal.Instant,
  zone: string,
  hours: QuietHours | undefined,
): Temporal.Instant {
  const quiet = quietAt(due, zone, hours)
  if (!quiet) return due
  const earlier = Temporal.Instant.fromEpochMilliseconds(quiet.from - MINUTE_MS)
  return Temporal.Instant.compare(earlier, notBefore) > 0 ? earlier : Temporal.Instant.fromEpochMilliseconds(quiet.until)
}

/** SMS that cannot wait may break quiet hours until 22:30 and from 06:00, when the appointment starts less than 3 h after they end. */
const urgentUntil = msOf(Temporal.PlainTime.from('22:30'))
const urgentFrom = msOf(Temporal.PlainTime.from('06:00'))

export type NoticeTime = { readonly kind: 'now' } | { readonly kind: 'later'; readonly at: Temporal.Instant } | { readonly kind: 'call' }

/** What becomes of a change, cancellation or correction by SMS at this hour; `call`: too late to wait, too early to ring a phone. */
export function noticeTime(
  now: Temporal.Instant,
  start: Temporal.Instant | undefined,
  zone: string,
  hours: QuietHours | undefined,
): NoticeTime {
  const quiet = quietAt(now, zone, hours)
  if (!quiet) return { kind: 'now' }
  if (!start || start.epochMilliseconds >= quiet.until + THREE_HOURS_MS)
    return { kind: 'later', at: Temporal.Instant.fromEpochMilliseconds(quiet.until) }
  const { msOfDay } = dayClockAt(now, zone)
  return urgentFrom <= msOfDay && msOfDay < urgentUntil ? { kind: 'now' } : { kind: 'call' }
}

/** The first working morning (Monday to Friday) of a day after `after`'s that is still ahead of `now`. */
export function nextWorkingMorning(after: Temporal.Instant, now: Temporal.Instant, at: Temporal.PlainTime, zone: string): Temporal.Instant {
  const first = Math.max(dayClockAt(after, zone).dayNumber + 1, dayClockAt(now, zone).dayNumber)
  for (let day = first; ; day += 1) {
    const morning = instantOf(day, at, zone)
    if (wallClockAt(morning, zone).dayOfWeek <= 5 && Temporal.Instant.compare(morning, now) > 0) return morning
  }
}
