import { Temporal } from 'temporal-polyfill'
import type { Guesses } from './guesses.ts'

/** So many tries are free; then each waits twice as long as the one before. */
export interface GrowingWait {
  readonly free: number
  readonly first: Temporal.Duration
  readonly longest: Temporal.Duration
}

/** After a day without a try it begins anew. */
const forgivenAfter = Temporal.Duration.from({ hours: 24 })

/** Until when nothing is tried, right or wrong; undefined: now. */
export function waitsUntil({ failures, failedAt }: Guesses, wait: GrowingWait, now: Temporal.Instant): Temporal.Instant | undefined {
  if (!failedAt || failures < wait.free || isForgiven(failedAt, now)) return undefined
  const seconds = Math.min(wait.first.total('seconds') * 2 ** Math.min(failures - wait.free, 30), wait.longest.total('seconds'))
  const until = failedAt.add({ milliseconds: Math.round(seconds * 1_000) })
  return Temporal.Instant.compare(now, until) < 0 ? until : undefined
}

/** Counted before it is known whether it is right: a hundred at once are a hundred. */
export function afterTry({ failures, failedAt, passes }: Guesses, now: Temporal.Instant): Guesses {
  return { failures: failedAt && !isForgiven(failedAt, now) ? failures + 1 : 1, failedAt: now, passes }
}

/** It was right, and does not count. */
export function takenBack(guesses: Guesses): Guesses {
  return { ...guesses, failures: Math.max(0, guesses.failures - 1) }
}

/** Also where a clock that was ahead dated it. */
function isForgiven(failedAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Duration.compare(now.since(failedAt).abs(), forgivenAfter) >= 0
}
