import { Temporal } from 'temporal-polyfill'
import { decide } from '../../core/decide.ts'
import type { Companion } from '../../core/household.ts'
import { companionsOf, mayMerge, reachedOn } from '../../core/household.ts'
import type { Notification } from '../../core/notification.ts'
import type { Patient } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import { zoneOf } from '../../core/settings.ts'
import type { Transaction } from '../../store/store.ts'
import { optedOut } from '../intake/apply.ts'
import { circumstancesOf } from './circumstances.ts'
import { householdInShare } from './rollout-share.ts'

/** A household, and what one text may hold. */
const most = 6
/** Appointments looked at for each: those of the day come first, whatever became of them. */
const mostOfOne = 12

/** Those whose text of the same day this one will say too, or would `as` one that is only watched: each decided by itself first, so that nobody's no is overridden (D29, truth table 17, 18). */
export async function gatherCompanions(
  tx: Transaction,
  leader: Companion,
  phone: string,
  settings: Settings,
  now: Temporal.Instant,
  as: 'send' | 'shadow' = 'send',
): Promise<readonly Companion[]> {
  const { notification, appointment } = leader
  if (!mayMerge(notification) || !appointment.start) return []
  const midnight = appointment.start.toZonedDateTimeISO(zoneOf(settings, appointment)).startOfDay().toInstant()
  const others: Companion[] = []
  for (const member of await householdOf(tx, leader.patient, phone)) {
    const patient = reachedOn(phone, leader.patient, member, settings, appointment)
    if (!patient) continue
    for (const each of await tx.appointments.ofPatient(patient.id, midnight, mostOfOne))
      for (const planned of await tx.notifications.ofAppointment(each.id))
        others.push({ appointment: each, patient, notification: planned })
  }
  const said: Companion[] = []
  for (const companion of companionsOf(leader, others, settings)) {
    if (said.length < most - 1 && (await decisionFor(tx, companion, phone, settings, now)).outcome.kind === as) said.push(companion)
  }
  return said
}

/** Whoever is beyond the limit gets a text of their own. */
async function householdOf(tx: Transaction, patient: Patient, phone: string): Promise<readonly Patient[]> {
  const sharing = await tx.patients.sharing(patient.clinicId, phone, most)
  const related = await tx.patients.related(patient.id, most)
  const others = new Map([...sharing, ...related].map((each) => [each.id, each]))
  others.delete(patient.id)
  return [patient, ...others.values()]
}

/** Whoever has no mobile of their own is told by the text of a relative who has one, of the same day; without such a text, as the record has them. */
export async function withRelativesPhone(tx: Transaction, one: Companion, settings: Settings, now: Temporal.Instant): Promise<Patient> {
  const { notification, appointment, patient } = one
  if (!mayMerge(notification) || contactFor(patient, 'sms', settings, appointment).kind === 'found') return patient
  for (const relative of await tx.patients.related(patient.id, most)) {
    const contact = contactFor(relative, 'sms', settings, appointment)
    const reached = contact.kind === 'found' && reachedOn(contact.value, relative, patient, settings, appointment)
    if (!reached) continue
    const said = await gatherCompanions(tx, { ...one, patient: reached }, contact.value, settings, now)
    if (said.some((each) => each.patient.id === relative.id)) return reached
  }
  return patient
}

/** Writes down that the leader's text says it. Undone when that text does not leave (`releaseCompanions`). */
export async function mergeCompanions(
  tx: Transaction,
  leader: Companion,
  companions: readonly Companion[],
  phone: string,
  settings: Settings,
  now: Temporal.Instant,
): Promise<void> {
  for (const companion of companions) {
    const decision = await decisionFor(tx, companion, phone, settings, now, leader.notification.id)
    const merged = { ...companion.notification, state: 'merged_into' as const, reason: leader.notification.id, decision, changedAt: now }
    await tx.notifications.save(merged)
    await tx.audit.append({ at: now, actor: 'dispatch', action: 'notification.merged_into', subject: merged.id })
  }
}

async function decisionFor(
  tx: Transaction,
  { appointment, patient, notification }: Companion,
  phone: string,
  settings: Settings,
  now: Temporal.Instant,
  mergedInto?: string,
) {
  const { kind, channel, notAfter } = notification
  const told = await tx.told.find(appointment.id)
  const around = await circumstancesOf(tx, { notification, appointment, settings, contact: phone, now })
  const household = await householdInShare(tx, patient, settings)
  return decide('send', {
    kind,
    channel,
    notAfter,
    appointment,
    patient,
    ...(household !== undefined && { household }),
    settings,
    ...(told && { told }),
    optedOut: (await optedOut(tx, patient, settings, appointment)).has(channel),
    twinOfTold: false,
    around: { ...around, ...(mergedInto !== undefined && { mergedInto }) },
    now,
  })
}

/**
 * The text that was to say it did not leave: each is to be said again at its own hour, but no sooner than `dueAt`, so that a provider that
 * asked to wait is not asked by the next of them. Returns those released: what is true of them may have changed meanwhile.
 */
export async function releaseCompanions(
  tx: Transaction,
  leaderId: string,
  ids: readonly string[],
  dueAt: Temporal.Instant,
  now: Temporal.Instant,
): Promise<readonly Notification[]> {
  const released: Notification[] = []
  for (const { reason: _, ...merged } of await mergedInto(tx, leaderId, ids)) {
    const planned = { ...merged, state: 'planned' as const, dueAt: later(merged.dueAt, dueAt), changedAt: now }
    await tx.notifications.save(planned)
    await tx.audit.append({ at: now, actor: 'dispatch', action: 'notification.released', subject: planned.id })
    released.push(planned)
  }
  return released
}

/** Those that are still said by that text. */
export async function mergedInto(tx: Transaction, leaderId: string, ids: readonly string[]): Promise<readonly Notification[]> {
  const merged: Notification[] = []
  for (const id of ids) {
    const notification = await tx.notifications.find(id)
    if (notification?.state === 'merged_into' && notification.reason === leaderId) merged.push(notification)
  }
  return merged
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b
}
