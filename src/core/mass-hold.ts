import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import type { Notification } from './notification.ts'
import { STOPPED_DROPPED } from './stopped-channel.ts'

/** The reason of every notice that waits for a person (R8). */
export const MASS_CHANGE = 'mass_change'

export const MASS_DROPPED = 'mass_change_dropped'

const dropped: ReadonlySet<string | undefined> = new Set([MASS_DROPPED, STOPPED_DROPPED])

/** Somebody looked, and it is true: it is decided again at once, like any other. */
export function releaseHeld(notification: Notification, now: Temporal.Instant): Notification {
  const { reason: _, ...rest } = notification
  return { ...rest, state: 'planned', dueAt: now, changedAt: now }
}

/** Somebody looked, and it is not to leave. What the patient was told stays what it was: a later word of the EHR is measured against that. */
export function dropHeld(notification: Notification, reason: string, now: Temporal.Instant): Notification {
  return { ...notification, state: 'withdrawn', reason, changedAt: now }
}

/** A dropped notice of a visit ahead is a telephone call. */
export function isWorthACall({ start }: Appointment, now: Temporal.Instant): boolean {
  return start !== undefined && Temporal.Instant.compare(start, now) > 0
}

/** Since when notices count towards the fuse: not those a person has judged. */
export function countedFrom(since: Temporal.Instant, judgedAt: Temporal.Instant | undefined): Temporal.Instant {
  return judgedAt && Temporal.Instant.compare(judgedAt, since) >= 0 ? judgedAt.add({ nanoseconds: 1_000 }) : since
}

/** Of what is withdrawn: it stays so until the EHR changes something. */
export function isDropped({ state, reason }: Pick<Notification, 'state' | 'reason'>): boolean {
  return state === 'withdrawn' && dropped.has(reason)
}
