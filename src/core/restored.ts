import { Temporal } from 'temporal-polyfill'
import type { Appointment, Aspect } from './appointment.ts'
import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { newsOf } from './notification.ts'
import type { Told } from './told.ts'
import { factsOf } from './told.ts'

/** The reason of whatever a store that came from a backup does not know to have been sent (R9). */
export const RESTORED = 'restored'

/** What of an appointment its patient is told. */
const told: readonly Aspect[] = ['status', 'time', 'location', 'practitioner', 'modality', 'patient']

/**
 * Whether it may have left between the backup and the restoration, by a service whose store is lost: what fell due until then, and news that
 * its EHR gave until then. An appointment that is unknown is told of by nobody.
 */
export function mayHaveLeft(notification: Notification, appointment: Appointment | undefined, restoredAt: Temporal.Instant): boolean {
  if (!appointment || !isNotice(notification.kind)) return Temporal.Instant.compare(notification.dueAt, restoredAt) <= 0
  return told.every((aspect) => {
    const said = appointment.said[aspect]
    return !said || Temporal.Instant.compare(said.at, restoredAt) <= 0
  })
}

/** It is never sent, and never planned again: nobody knows whether it was. */
export function putInDoubt(notification: Notification, now: Temporal.Instant): Notification {
  return { ...notification, state: 'in_doubt', reason: RESTORED, changedAt: now }
}

/** Of a notice that is in doubt: the patient is taken to know, so that only newer news is told. */
export function takenToKnow(notification: Notification, appointment: Appointment, before: Told | undefined, now: Temporal.Instant): Told {
  return { facts: factsOf(appointment), version: (before?.version ?? 0) + 1, by: newsOf(notification), at: now, assumed: RESTORED }
}

/** Nobody can tell whether this patient knows of a move or a cancellation ahead: a person asks. */
export function isWorthAsking({ kind }: Notification, { start }: Appointment, now: Temporal.Instant): boolean {
  const isPressing = kind === 'change' || kind === 'cancellation' || kind === 'correction'
  return isPressing && start !== undefined && Temporal.Instant.compare(start, now) > 0
}
