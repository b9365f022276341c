import type { Temporal } from 'temporal-polyfill'

/** The local day of an instant. */
export interface LocalDay {
  readonly from: number
  readonly until: number
  /** `YYYY-MM-DD` */
  readonly day: string
  /** `YYYY-MM` */
  readonly month: string
}

/** Which day it is there: worked out once for each zone and day, since the clock of a run only goes forward. */
export function localCalendar(): (at: Temporal.Instant, zone: string) => LocalDay {
  const today = new Map<string, LocalDay>()
  return (at, zone) => {
    const known = today.get(zone)
    const ms = at.epochMilliseconds
    if (known && known.from <= ms && ms < known.until) return known
    const midnight = at.toZonedDateTimeISO(zone).startOfDay()
    const day = midnight.toPlainDate().toString()
    const next = { from: midnight.epochMilliseconds, until: midnight.add({ days: 1 }).epochMilliseconds, day, month: day.slice(0, 7) }
    today.set(zone, next)
    return next
  }
}
