import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import { isCancelled, isExcused, isUpcoming } from './appointment.ts'
import type { Notification } from './notification.ts'
import { isPending } from './notification.ts'
import { compareStamps } from './stamp.ts'
import type { Told } from './told.ts'
import { factsOf } from './told.ts'

/** One appointment, what its patient knows of it, and what was planned. */
export interface Known {
  readonly appointment: Appointment
  readonly told?: Told
  readonly notifications: readonly Notification[]
}

/**
 * V2-ORD-4, for an EHR that moves by cancelling and booking anew: the cancelled appointment that a new one takes the place of. It is the one the
 * EHR names; else, where its cancellations wait for a rebooking (`within`), one of the same patient and of the same motif or practitioner.
 * In either case nobody has been told of the cancellation yet.
 */
export function movedFrom(fresh: Appointment, others: readonly Known[], within: Temporal.Duration): Known | undefined {
  if (!isUpcoming(fresh) || fresh.tombstone) return undefined
  const candidates = others.filter((old) => isCancelledUntold(old) && hasNoticeWaiting(old) && mayReplace(fresh, old.appointment, within))
  return candidates.sort(byCancellation)[0]
}

/** The same in the other order: the new appointment, still unsaid, that a cancelled one turns out to have been moved to. */
export function movedTo(old: Known, others: readonly Known[], within: Temporal.Duration, now: Temporal.Instant): Known | undefined {
  if (!isCancelledUntold(old)) return undefined
  const candidates = others.filter(({ appointment, told, notifications }) => {
    const isFresh = appointment.replaces !== undefined || Temporal.Instant.compare(appointment.firstSeenAt.add(within), now) >= 0
    const isUnsaid = !told && notifications.some((each) => each.kind === 'confirmation' && isPending(each))
    return isUpcoming(appointment) && isFresh && isUnsaid && mayReplace(appointment, old.appointment, within)
  })
  return candidates.sort(bySeen)[0]
}

/** Whether the patient knows of another appointment that this new one may be about to take the place of: then its confirmation waits as a cancellation does. */
export function mayBeMove(fresh: Appointment, others: readonly Known[], within: Temporal.Duration): boolean {
  return others.some(
    ({ appointment, told }) => isUpcoming(appointment) && told?.facts.stands === true && mayReplace(fresh, appointment, within),
  )
}

export interface Rebooking {
  readonly fresh: Appointment
  readonly old: Appointment
  readonly toldOfFresh: Told
  readonly toldOfOld: Told
  /** Notices of the old one, withdrawn. */
  readonly withdrawn: readonly Notification[]
}

/** What the patient knew of the old one they know of the new: so that one change is owed. Undefined: they knew nothing. */
export function rebook(fresh: Appointment, old: Known, now: Temporal.Instant): Rebooking | undefined {
  const { appointment, told, notifications } = old
  if (!told) return undefined
  return {
    // rules.md, Words: the origin survives a linked rebooking
    fresh: appointment.origin === 'unknown' ? fresh : { ...fresh, origin: appointment.origin },
    old: { ...appointment, replacedBy: fresh.id },
    toldOfFresh: { ...told, by: `rebooked:${told.by}` },
    toldOfOld: { facts: factsOf(appointment), version: told.version + 1, by: 'rebooked', at: now, assumed: 'rebooked' },
    withdrawn: notifications
      .filter(isPending)
      .filter(({ kind }) => kind !== 'manual')
      .map((each) => ({ ...each, state: 'withdrawn', reason: 'rebooked', changedAt: now })),
  }
}

function isCancelledUntold({ appointment, told }: Known): boolean {
  return isCancelled(appointment) && !isExcused(appointment) && told?.facts.stands === true
}

function hasNoticeWaiting({ notifications }: Known): boolean {
  return notifications.some((each) => each.kind === 'cancellation' && isPending(each))
}

/** Never across patients. */
function mayReplace(fresh: Appointment, old: Appointment, within: Temporal.Duration): boolean {
  if (fresh.id === old.id || fresh.patientId === undefined || fresh.patientId !== old.patientId || old.replacedBy !== undefined)
    return false
  if (fresh.replaces !== undefined) return fresh.replaces === old.ehrId
  if (within.blank) return false
  const isSameMotif = fresh.motif !== undefined && fresh.motif.key === old.motif?.key
  return isSameMotif || isSamePractitioner(fresh, old)
}

function isSamePractitioner({ practitioner: a }: Appointment, { practitioner: b }: Appointment): boolean {
  if (!a || !b) return false
  return a.key !== undefined && b.key !== undefined ? a.key === b.key : a.name === b.name
}

/** The last one cancelled first. */
function byCancellation({ appointment: a }: Known, { appointment: b }: Known): number {
  const [x, y] = [a.said.status, b.said.status]
  return (x && y ? compareStamps(y, x) : 0) || (a.id < b.id ? -1 : 1)
}

function bySeen({ appointment: a }: Known, { appointment: b }: Known): number {
  return Temporal.Instant.compare(b.firstSeenAt, a.firstSeenAt) || (a.id < b.id ? -1 : 1)
}
