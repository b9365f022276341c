import { Temporal } from 'temporal-polyfill'

/** Wrong answers to something that only the right person should know, by what it protects; and who was right of late. */
export interface Guesses {
  readonly failures: number
  /** Of the last wrong one. */
  readonly failedAt?: Temporal.Instant
  /** SHA-256 of what was handed out for a right answer, and until when it opens what is protected. */
  readonly passes: readonly { readonly hash: string; readonly until: Temporal.Instant }[]
}

export const noGuesses: Guesses = { failures: 0, passes: [] }

const wait = Temporal.Duration.from({ hours: 1 })
const passFor = Temporal.Duration.from({ minutes: 30 })
/** Two phones and a reload. */
const mostPasses = 5

/** After so many wrong answers the right one is not taken either, for an hour after the last of them (R26). */
export function mayGuess({ failures, failedAt }: Guesses, most: number, now: Temporal.Instant): boolean {
  return failures < most || isForgiven(failedAt, now)
}

export function afterWrongGuess({ failures, failedAt, passes }: Guesses, now: Temporal.Instant): Guesses {
  return { failures: isForgiven(failedAt, now) ? 1 : failures + 1, failedAt: now, passes }
}

export function afterRightGuess({ passes }: Guesses, hash: string, now: Temporal.Instant): Guesses {
  const live = passes.filter(({ until }) => Temporal.Instant.compare(now, until) < 0)
  return { failures: 0, passes: [...live, { hash, until: now.add(passFor) }].slice(-mostPasses) }
}

export function hasPass({ passes }: Guesses, hash: string, now: Temporal.Instant): boolean {
  return passes.some((pass) => pass.hash === hash && Temporal.Instant.compare(now, pass.until) < 0)
}

/** Also where a clock that was ahead dated the last one after now by more than the wait. */
function isForgiven(failedAt: Temporal.Instant | undefined, now: Temporal.Instant): boolean {
  if (!failedAt) return true
  return Temporal.Duration.compare(now.since(failedAt).abs(), wait) >= 0
}
