import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import { decide } from '../decide.ts'
import type { Decision } from '../decision.ts'
import { smsSegments } from '../gsm7.ts'
import type { Companion } from '../household.ts'
import { companionsOf, mayMerge, reachedOn } from '../household.ts'
import { isNotice } from '../kind.ts'
import { MASS_CHANGE } from '../mass-hold.ts'
import { priceOf } from '../metering.ts'
import type { Notification } from '../notification.ts'
import { isPending, newsOf } from '../notification.ts'
import type { Patient } from '../patient.ts'
import { contactFor } from '../patient.ts'
import { advance, assumedTold, toldBy, withhold } from '../progress.ts'
import { wasHeardBefore } from '../rollout.ts'
import { zoneOf } from '../settings.ts'
import { toCallReason } from '../to-call.ts'
import type { Told } from '../told.ts'
import { factsOf } from '../told.ts'
import type { Run } from './run.ts'
import { atOnce, householdInShare, keep, optedOut, replan } from './run.ts'
import type { Cost } from './tally.ts'
import type { Course } from './world.ts'

/** A household, and what one text may hold. */
const most = 6
/** Appointments looked at for each: those of the day come first, whatever became of them. */
const mostOfOne = 12
const free: Cost = { segments: 0, price: 0 }

/** The decision at the send (D9), in the order in which the service takes it; every message that may leave is taken to arrive. */
export function look(run: Run, course: Course, notification: Notification): void {
  const { appointment } = course
  const known = run.world.patient(notification.patientId)
  const patient = known && withRelativesPhone(run, { appointment, patient: known, notification })
  const contact = patient && contactFor(patient, notification.channel, run.settings, appointment)
  const address = contact?.kind === 'found' ? contact.value : undefined
  const decision = decideOn(run, course, notification, patient, address)
  const { outcome } = decision
  if (outcome.kind !== 'send') stay(run, course, { ...withhold(notification, outcome, run.now), decision })
  else if (patient && address !== undefined) leave(run, course, { appointment, patient, notification }, address)
}

function decideOn(
  run: Run,
  course: Course,
  notification: Notification,
  patient: Patient | undefined,
  address: string | undefined,
): Decision {
  const { kind, channel, notAfter } = notification
  const { settings, now, surroundings } = run
  const { appointment, told } = course
  const household = householdInShare(run, patient)
  return decide('send', {
    kind,
    channel,
    notAfter,
    appointment,
    ...(patient && { patient }),
    ...(household !== undefined && { household }),
    heardBefore: wasHeardBefore(notification, settings),
    settings,
    ...(told && { told }),
    optedOut: optedOut(run, patient, appointment).has(channel),
    twinOfTold: told?.by === newsOf(notification),
    around: surroundings.around(notification, course, address, now),
    now,
  })
}

/** It does not leave now; once it never will, the patient is taken to know from elsewhere, or is called. */
function stay(run: Run, course: Course, withheld: Notification): void {
  const { now } = run
  const { appointment } = course
  // what only the EHR can free is next looked at when it is worth nothing any more, not every quarter of an hour
  const isStuck = withheld.state === 'held' && appointment.holds.length > 0
  keep(run, course, isStuck ? { ...withheld, dueAt: withheld.notAfter.add({ milliseconds: 1 }) } : withheld)
  const siblings = [...course.notifications.values()]
  course.told = assumedTold(withheld, siblings, factsOf(appointment), course.told, now) ?? course.told
  if (toCallReason(withheld, siblings) !== undefined || isHeldAndNear(withheld, appointment, now))
    run.called.set(callOf(withheld), appointment)
}

/** The same news is called once. */
function callOf(notification: Notification): string {
  return `${notification.appointmentId}:${newsOf(notification)}`
}

/** A notice held by a mass change is called at once when the visit is that near (section 4, fuse). */
function isHeldAndNear({ state, reason }: Notification, { start }: Appointment, now: Temporal.Instant): boolean {
  return state === 'held' && reason === MASS_CHANGE && start !== undefined && Temporal.Instant.compare(start, now.add({ hours: 48 })) <= 0
}

function leave(run: Run, course: Course, leader: Companion, address: string): void {
  const { now, surroundings } = run
  const { appointment, notification } = leader
  const companions = gather(run, leader, address)
  for (const each of companions) join(run, each, notification.id)
  const cost = notification.channel === 'sms' ? costOf(run, course.told, leader, companions) : free
  const sending: Notification = { ...notification, state: 'sending', attempts: notification.attempts + 1 }
  const sent = advance(sending, { kind: 'accepted', providerId: '' }, now, [])
  keep(run, course, sent, cost)
  surroundings.left(sent, course, address, cost.price, now)
  run.called.delete(callOf(sent))
  const told = toldBy(sent, factsOf(appointment), course.told, now)
  if (!told) return
  course.told = told
  // the patient knows the truth now: only older news that is still on its way is owed no longer
  if ([...course.notifications.values()].some((each) => isOlderNews(each, told)))
    replan(run, course, { changed: [], cause: 'ehr', cancelDebounce: atOnce })
}

function isOlderNews(notification: Notification, told: Told): boolean {
  return isPending(notification) && isNotice(notification.kind) && newsOf(notification) !== told.by
}

function costOf(run: Run, told: Told | undefined, leader: Companion, companions: readonly Companion[]): Cost {
  const { settings, now, textOf, dayAt } = run
  const { segments } = smsSegments(textOf({ ...leader, settings, told, companions, now }))
  const { day } = dayAt(now, zoneOf(settings, leader.appointment))
  return { segments, price: priceOf(settings.smsPrices, day, segments).price }
}

/** Those whose text of the same day this one will say too: each decided by itself first, so that nobody's no is overridden (D29). */
function gather(run: Run, leader: Companion, phone: string): readonly Companion[] {
  const { world, settings } = run
  const { start } = leader.appointment
  if (!mayMerge(leader.notification) || !start) return []
  const near = [...world.sharing(phone).slice(0, most), ...world.related(leader.patient.id, most)]
  const household = [leader.patient, ...new Set(near.filter(({ id }) => id !== leader.patient.id))]
  if (household.length === 1 && world.coursesOf(leader.patient.id).length === 1) return []
  const midnight = start.toZonedDateTimeISO(zoneOf(settings, leader.appointment)).startOfDay().toInstant()
  const others = household.flatMap((member) => {
    const patient = reachedOn(phone, leader.patient, member, settings, leader.appointment)
    if (!patient) return []
    return world
      .ahead(patient.id, midnight, mostOfOne)
      .flatMap(({ appointment, notifications }) =>
        [...notifications.values()].map((notification) => ({ appointment, patient, notification })),
      )
  })
  const said: Companion[] = []
  for (const each of companionsOf(leader, others, settings)) if (said.length < most - 1 && wouldLeave(run, each, phone)) said.push(each)
  return said
}

function wouldLeave(run: Run, { appointment, patient, notification }: Companion, phone: string): boolean {
  const course = run.world.courses.get(appointment.id)
  return course !== undefined && decideOn(run, course, notification, patient, phone).outcome.kind === 'send'
}

/** D29: whoever has no mobile of their own is told by the text of a relative who has one, of the same day. */
function withRelativesPhone(run: Run, one: Companion): Patient {
  const { settings, world } = run
  const { notification, appointment, patient } = one
  if (!mayMerge(notification) || contactFor(patient, 'sms', settings, appointment).kind === 'found') return patient
  for (const relative of world.related(patient.id, most)) {
    const contact = contactFor(relative, 'sms', settings, appointment)
    const reached = contact.kind === 'found' && reachedOn(contact.value, relative, patient, settings, appointment)
    if (!reached) continue
    if (gather(run, { ...one, patient: reached }, contact.value).some((each) => each.patient.id === relative.id)) return reached
  }
  return patient
}

function join(run: Run, { appointment, notification }: Companion, leaderId: string): void {
  const course = run.world.courses.get(appointment.id)
  if (!course) return
  const merged: Notification = { ...notification, state: 'merged_into', reason: leaderId, changedAt: run.now }
  keep(run, course, merged)
  course.told = toldBy(merged, factsOf(appointment), course.told, run.now) ?? course.told
}
