import type { Temporal } from 'temporal-polyfill'

/** How many messages a feed brought, hour by hour: what it is used to. */
export interface Habit {
  /** Counting began with this hour; hours are counted since 1970. */
  readonly since: number
  /** Hours without a message are absent. */
  readonly hours: ReadonlyMap<number, number>
}

const weeks = 8
const hourMs = 3_600_000
/** What an hour of the week is compared with must have been seen so often. */
const leastWeeks = 2
/** Silence is not looked at further back: by then it has been told. */
const mostHours = 14 * 24

export function hourOf(at: Temporal.Instant): number {
  return Math.floor(at.epochMilliseconds / hourMs)
}

/** So many more messages in that hour; what is older than any comparison is let go of. */
export function addTo(habit: Habit | undefined, hour: number, messages: number): Habit {
  const oldest = hour - (weeks * 7 + 1) * 24
  const hours = new Map([...(habit?.hours ?? [])].filter(([each]) => each >= oldest))
  hours.set(hour, (hours.get(hour) ?? 0) + messages)
  return { since: Math.max(habit?.since ?? hour, oldest), hours }
}

/**
 * How many messages an hour is used to, by the clock of `zone`: of the same hour of the week in up to eight weeks before, the middle one, and of
 * an even number the lower, so that one busy Sunday makes no habit. None while fewer than two weeks are known: nobody is missed then.
 */
export function usualIn(habit: Habit, hour: number, startOf: (hour: number) => Temporal.ZonedDateTime): number {
  const here = startOf(hour)
  const counts: number[] = []
  for (let week = 1; week <= weeks; week++) {
    const then = hourOf(here.subtract({ weeks: week }).toInstant())
    // the first hour was not counted whole
    if (then <= habit.since) break
    counts.push(habit.hours.get(then) ?? 0)
  }
  if (counts.length < leastWeeks) return 0
  return counts.sort((a, b) => a - b)[Math.floor((counts.length - 1) / 2)] ?? 0
}

/**
 * How many messages the feed would usually have brought since its last one. A whole hour of silence counts by its habit; of an hour that is not
 * over only the least of it and its neighbours, since a morning begins and an evening ends somewhere within one. A quiet Sunday misses nothing.
 */
export function missedSince(habit: Habit, lastAt: Temporal.Instant, now: Temporal.Instant, zone: string): number {
  const startOf = (hour: number) => now.add({ milliseconds: hour * hourMs - now.epochMilliseconds }).toZonedDateTimeISO(zone)
  const known = new Map<number, number>()
  const usual = (hour: number): number => {
    const value = known.get(hour) ?? usualIn(habit, hour, startOf)
    known.set(hour, value)
    return value
  }
  const [last, end] = [lastAt.epochMilliseconds, now.epochMilliseconds]
  let missed = 0
  for (let hour = Math.max(hourOf(lastAt), hourOf(now) - mostHours); hour * hourMs < end; hour++) {
    const silent = Math.min(end, (hour + 1) * hourMs) - Math.max(last, hour * hourMs)
    const isWhole = silent >= hourMs
    const rate = isWhole ? usual(hour) : Math.min(usual(hour - 1), usual(hour), usual(hour + 1))
    missed += rate * Math.max(0, silent / hourMs)
  }
  return missed
}

/** So many messages do not stay away by chance: once in twenty thousand times, where they come one by one. */
export const MISSED_TOO_MANY = 10
