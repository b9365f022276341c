import { Temporal } from 'temporal-polyfill'

export interface Clock {
  now(): Temporal.Instant
  /** Resolves at that instant, or as soon as the signal aborts; waits 60 s at most, so that a stepped clock or a pause is noticed (rules.md section 7). */
  sleepUntil(at: Temporal.Instant, signal: AbortSignal): Promise<void>
}

const longestSleep = 60_000

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  sleepUntil(at, signal) {
    const wait = Math.min(longestSleep, Math.max(0, at.epochMilliseconds - Date.now()))
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, wait)
      signal.addEventListener('abort', done)
    })
  },
}
