import { Temporal } from 'temporal-polyfill'
import type { Clock } from '../clock.ts'

/** Moved by hand, to when a message says it was sent. */
export interface SteppedClock extends Clock {
  set(at: Temporal.Instant): void
}

/** Stands where the last message put it, and never goes back: a store's rows are in the order of time. */
export function steppedClock(start: Temporal.Instant): SteppedClock {
  let at: Temporal.Instant | undefined
  return {
    now: () => at ?? start,
    sleepUntil: () => Promise.resolve(),
    set(next) {
      if (!at || Temporal.Instant.compare(next, at) > 0) at = next
    },
  }
}
