import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import type { Notification } from './notification.ts'

/** The reason of every notice that waits for a person (R8). */
export const MASS_CHANGE = 'mass_change'

/** Somebody looked, and it is true: it is decided again at once, like any other. */
export function releaseHeld(notification: Notification, now: Temporal.Instant): Notification {
  const { reason: _, ...rest } = notification
  return { ...rest, state: 'planned', dueAt: now, changedAt: now }
}

/** Somebody looked, and it was an accident. What the patient was told stays what it was: a later word of the EHR is measured against that. */
export function dropHeld(notification: Notification, now: Temporal.Instant): Notification {
  return { ...notification, state: 'withdrawn', reason: 'mass_change_dropped', changedAt: now }
}

/** A dropped notice of a visit ahead is a telephone call. */
export function isWorthACall({ start }: Appointment, now: Temporal.Instant): boolean {
  return start !== undefined && Temporal.Instant.compare(start, now) > 0
}
