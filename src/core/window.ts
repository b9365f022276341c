import { Temporal } from 'temporal-polyfill'

/** When a patient may act, in elapsed time before the start. Both ends belong to it unless `closed` says otherwise. */
export interface Window {
  readonly opensAt: Temporal.Instant
  readonly closesAt: Temporal.Instant
}

export type WindowState = 'before' | 'open' | 'after'

const minutes30 = Temporal.Duration.from({ minutes: 30 })
const hours24 = Temporal.Duration.from({ hours: 24 })
const hours48 = Temporal.Duration.from({ hours: 48 })
const beginning = Temporal.Instant.fromEpochMilliseconds(0)
const nanosecond = Temporal.Duration.from({ nanoseconds: 1 })

/** O14: from 48 h before until the start, the start itself excluded. */
export function confirmWindow(start: Temporal.Instant): Window {
  return { opensAt: start.subtract(hours48), closesAt: start.subtract(nanosecond) }
}

const hours48Ns = 172_800_000_000_000n

/** The same, where only the state is asked: every message asks it, and an instant costs as much as the comparison. */
export function confirmState(start: Temporal.Instant, now: Temporal.Instant): WindowState {
  if (now.epochNanoseconds < start.epochNanoseconds - hours48Ns) return 'before'
  return Temporal.Instant.compare(now, start) < 0 ? 'open' : 'after'
}

/** O12: any time up to 24 h before, that instant included. */
export function cancelWindow(start: Temporal.Instant): Window {
  return { opensAt: beginning, closesAt: start.subtract(hours24) }
}

/** O17: from 30 min before until the start, both included. */
export function arriveWindow(start: Temporal.Instant): Window {
  return { opensAt: start.subtract(minutes30), closesAt: start }
}

export function windowState(window: Window, now: Temporal.Instant): WindowState {
  if (Temporal.Instant.compare(now, window.opensAt) < 0) return 'before'
  return Temporal.Instant.compare(now, window.closesAt) <= 0 ? 'open' : 'after'
}
