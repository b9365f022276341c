import type { Temporal } from 'temporal-polyfill'
import type { Appointment, HoldCode } from './appointment.ts'
import { confirmationBasis } from './appointment.ts'
import type { Notification } from './notification.ts'
import { isPending, notificationId } from './notification.ts'
import type { PatientId } from './patient.ts'
import type { Stamp } from './stamp.ts'
import { compareStamps, supersedes } from './stamp.ts'

/** Whose records an appointment speaks of. */
export function recordsOf({ patientId, rivals = [] }: Appointment): readonly PatientId[] {
  return patientId === undefined ? rivals : [patientId, ...rivals]
}

/**
 * The appointment after merges, `survivorOf` its records: a doubt between two that are one by now is over, and an answer stays the person's
 * own. The same one where none of its records was merged.
 */
export function relink(appointment: Appointment, survivorOf: (id: PatientId) => PatientId, now: Temporal.Instant): Appointment {
  if (recordsOf(appointment).every((id) => survivorOf(id) === id)) return appointment
  const { patientId, rivals = [] } = appointment
  const owner = patientId === undefined ? undefined : survivorOf(patientId)
  const others = rivals.map(survivorOf).filter((rival) => rival !== owner)
  return withOwner(appointment, owner, others, now)
}

/** ADT A45: the visit is that patient's, and no older word puts it in doubt. The same appointment where a newer word says whose it is. */
export function assign(appointment: Appointment, patientId: PatientId, stamp: Stamp, now: Temporal.Instant): Appointment {
  if (!supersedes(stamp, appointment.said.patient)) return appointment
  const { said } = appointment
  return { ...withOwner(appointment, patientId, [], now), said: { ...said, patient: stamp }, patientSettled: stamp }
}

/** What a person may overrule: the rest is for the EHR to say. */
const releasable: ReadonlySet<HoldCode> = new Set(['H-TIME-CONFLICT', 'H-PATIENT-CHANGED', 'H-MERGE-AMBIGUOUS'])

/** V2-ID-4: a person looked, and the appointment is as it now stands. The same one where nothing they may overrule holds it. */
export function releaseHolds(appointment: Appointment, now: Temporal.Instant): Appointment {
  const left = appointment.holds.filter((code) => !releasable.has(code))
  if (left.length === appointment.holds.length) return appointment
  const { rivals: _, ...rest } = appointment
  const heard = rest.said.patient
  // the EHR's clock may be ahead of ours
  const patientSettled = heard && compareStamps(heard, { at: now }) > 0 ? heard : { at: now }
  return { ...rest, holds: left, patientSettled, revision: rest.revision + 1, changedAt: now }
}

/** What was to go to one patient goes to another: withdrawn for the first, the same for the second, unless it has left or was planned there already. */
export function handOver(notifications: readonly Notification[], to: PatientId, now: Temporal.Instant): readonly Notification[] {
  const known = new Map(notifications.map((each) => [each.id, each]))
  return notifications.flatMap((each) => {
    if (!isPending(each) || each.patientId === to || each.kind === 'manual') return []
    const theirs = { ...each, patientId: to, changedAt: now }
    const moved = { ...theirs, id: notificationId(theirs) }
    const twin = known.get(moved.id)
    const withdrawn = { ...each, state: 'withdrawn' as const, reason: 'other_record', changedAt: now }
    return twin && twin.state !== 'withdrawn' ? [withdrawn] : [withdrawn, moved]
  })
}

/** Whether somebody was told of it, and not this patient: after a person has said whose it is, that patient knows nothing of it yet. */
export function wasToldToAnother({ patientId }: Appointment, notifications: readonly Notification[]): boolean {
  const gone = notifications.filter(({ state }) => reached.has(state))
  return gone.length > 0 && gone.every((each) => each.patientId !== patientId)
}

const reached: ReadonlySet<Notification['state']> = new Set(['sending', 'sent', 'delivered', 'in_doubt', 'merged_into'])

function withOwner(
  appointment: Appointment,
  owner: PatientId | undefined,
  others: readonly PatientId[],
  now: Temporal.Instant,
): Appointment {
  const { rivals: _, patientId: __, confirmation, ...rest } = appointment
  const holds = others.length > 0 ? rest.holds : rest.holds.filter((code) => code !== 'H-PATIENT-CHANGED')
  const next = {
    ...rest,
    ...(owner !== undefined && { patientId: owner }),
    ...(others.length > 0 && { rivals: [...new Set(others)].sort() }),
    holds: owner === undefined ? holds : holds.filter((code) => code !== 'H-NO-PATIENT'),
    revision: rest.revision + 1,
    changedAt: now,
  }
  if (!confirmation) return next
  const isCurrent = confirmation.basis === confirmationBasis(appointment)
  return { ...next, confirmation: isCurrent ? { ...confirmation, basis: confirmationBasis(next) } : confirmation }
}
