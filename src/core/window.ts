import { Temporal } from 'temporal-polyfill'

/** When a patient may act, in elapsed time before the start. Both ends belong to it unless `closed` says otherwise. */
export interface Window {
  readonly opensAt: Temporal.Instant
  readonly closesAt: Temporal.Instant
}

export type WindowState = 'before' | 'open' | 'after'

/** O14: from 48 h before until the start, the start itself excluded. */
export function confirmWindow(start: Temporal.Instant): Window {
  return { opensAt: start.subtract({ hours: 48 }), closesAt: start.subtract({ nanoseconds: 1 }) }
}

/** O12: any time up to 24 h before, that instant included. */
export function cancelWindow(start: Temporal.Instant): Window {
  return { opensAt: Temporal.Instant.fromEpochMilliseconds(0), closesAt: start.subtract({ hours: 24 }) }
}

/** O17: from 30 min before until the start, both included. */
export function arriveWindow(start: Temporal.Instant): Window {
  return { opensAt: start.subtract({ minutes: 30 }), closesAt: start }
}

export function windowState(window: Window, now: Temporal.Instant): WindowState {
  if (Temporal.Instant.compare(now, window.opensAt) < 0) return 'before'
  return Temporal.Instant.compare(now, window.closesAt) <= 0 ? 'open' : 'after'
}
