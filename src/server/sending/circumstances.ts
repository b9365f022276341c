import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { Burst } from '../../core/burst.ts'
import { agendasIn, isAbsence, isMassChange, median, total } from '../../core/burst.ts'
import type { Circumstances } from '../../core/circumstances.ts'
import { isCapped, isNotice } from '../../core/kind.ts'
import { countedFrom } from '../../core/mass-hold.ts'
import type { Notification } from '../../core/notification.ts'
import { newsOf } from '../../core/notification.ts'
import { contactFor } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import { zoneOf } from '../../core/settings.ts'
import { startKnownBefore } from '../../core/told.ts'
import type { Transaction } from '../../store/store.ts'
import { findShiftHold } from '../feed/kept.ts'
import { contactHash } from './usage.ts'

export interface Around {
  readonly notification: Notification
  readonly appointment: Appointment
  readonly settings: Settings
  /** E.164 or address; absent: there is none, and a gate will say so. */
  readonly contact: string | undefined
  readonly now: Temporal.Instant
}

/** How far back the fuse looks for what is usual: the same weekday and hour, by the clinic's clock, of so many weeks. */
const weeks = 8
const hour = { hours: 1 }

/** What a decision at the send looks at beyond the appointment; asked of the store only where a gate will read it. */
export async function circumstancesOf(tx: Transaction, around: Around): Promise<Circumstances> {
  const { notification, settings } = around
  const wrong = await wrongNumberOf(tx, around)
  if (notification.kind === 'manual') return wrong
  const parts = [
    wrong,
    notification.kind === 'cancellation' ? {} : await shiftOf(tx, around),
    await consentOf(tx, around),
    isCapped(notification.kind) ? await sentToday(tx, around) : {},
    isNotice(notification.kind) && notification.kind !== 'confirmation' ? await burstOf(tx, around) : {},
    notification.channel === 'sms' && settings.smsBudget !== undefined ? await budgetOf(tx, around, settings.smsBudget) : {},
  ]
  return Object.assign({}, ...parts)
}

async function shiftOf(tx: Transaction, { appointment }: Around): Promise<Circumstances> {
  return (await findShiftHold(tx, appointment.connectorId))?.state === 'held' ? { timeShift: true } : {}
}

async function wrongNumberOf(tx: Transaction, { notification, contact }: Around): Promise<Circumstances> {
  if (notification.channel !== 'sms' || contact === undefined) return {}
  return (await tx.wrongNumbers.has(notification.clinicId, contact)) ? { wrongNumber: true } : {}
}

async function consentOf(tx: Transaction, { notification, contact }: Around): Promise<Circumstances> {
  const consent = contact === undefined ? undefined : await tx.consents.find(notification.clinicId, notification.channel, contact)
  return consent ? { consent: consent.state } : {}
}

async function sentToday(tx: Transaction, around: Around): Promise<Circumstances> {
  const { notification, appointment, settings, contact, now } = around
  const midnight = now.toZonedDateTimeISO(zoneOf(settings, appointment)).startOfDay().toInstant()
  const siblings = await tx.notifications.ofAppointment(appointment.id)
  const kindSentToday = await hadOfKind(tx, notification, siblings, midnight)
  if (contact === undefined) return { kindSentToday }
  const sent = await tx.usage.countTo(notification.clinicId, contactHash(notification.clinicId, contact), midnight)
  return { sentToday: sent + (await underWay(tx, around, contact, settings.dailyCap - sent)), kindSentToday }
}

/** By this person, under whichever record: who had the appointment before does not count. */
async function hadOfKind(tx: Transaction, notification: Notification, siblings: readonly Notification[], since: Temporal.Instant) {
  for (const each of siblings) {
    if (!isOfKind(each, notification) || !hasLeftSince(each, since)) continue
    if ((await tx.patients.survivorOf(each.patientId)) === notification.patientId) return true
  }
  return false
}

function isOfKind({ id, kind, channel }: Notification, other: Notification): boolean {
  return id !== other.id && kind === other.kind && channel === other.channel
}

const gone: ReadonlySet<Notification['state']> = new Set(['sending', 'sent', 'delivered', 'in_doubt', 'merged_into'])

/** Told since then, or perhaps. By the hour it left: its provider's report may come on another day. */
function hasLeftSince({ state, decision, changedAt }: Notification, since: Temporal.Instant): boolean {
  return gone.has(state) && (decision?.at ?? changedAt).epochMilliseconds >= since.epochMilliseconds
}

/** More than all who send have under way. */
const mostUnderWay = 50

/** Capped messages to this contact of which nothing is known yet: they may arrive, and several leave at once. Not counted while there is `room` for all. */
async function underWay(tx: Transaction, { notification, settings }: Around, contact: string, room: number): Promise<number> {
  if (room <= 0) return 0
  const { clinicId, channel } = notification
  const attempts = (await tx.attempts.unfinished(mostUnderWay)).filter((each) => each.channel === channel)
  if (attempts.length < room) return 0
  let count = 0
  for (const { notificationId } of attempts) {
    const other = await tx.notifications.find(notificationId)
    if (!other || other.clinicId !== clinicId || !isCapped(other.kind)) continue
    const patient = await tx.patients.find(other.patientId)
    const visit = patient && (await tx.appointments.find(other.appointmentId))
    const choice = visit && contactFor(patient, channel, settings, visit)
    if (choice?.kind === 'found' && choice.value === contact) count += 1
  }
  return count
}

async function burstOf(tx: Transaction, { notification, appointment, settings, now }: Around): Promise<Circumstances> {
  const { clinicId, plannedAt, agendaKey } = notification
  const { within } = settings.absence
  const near = await tx.notifications.noticesPlanned(clinicId, plannedAt.subtract(within), plannedAt.add(within))
  const absence = isAbsence(near, agendaKey, settings.absence) || (await wasInClosedTime(tx, notification, appointment))
  const last = await tx.massHolds.latest(clinicId)
  // what a person has released counts no more, and is not held again
  const massHold = last?.state === 'held' || (await tripsFuse(tx, clinicId, settings, now, last?.settledAt))
  return { absence, massHold }
}

/** D12: the hour the patient knew lies where one of its diaries is closed: this is of an absence, however little else is. */
async function wasInClosedTime(
  tx: Transaction,
  notification: Notification,
  { id, clinicId, agenda, agendas }: Appointment,
): Promise<boolean> {
  const start = startKnownBefore(newsOf(notification), await tx.told.find(id))
  if (!start) return false
  for (const { key } of agendas ?? (agenda ? [agenda] : [])) if ((await tx.blocks.covering(clinicId, key, start))?.closed) return true
  return false
}

/** R8: looks at the past only when the hour is busy, and writes the hold down so that a person can release it. */
async function tripsFuse(
  tx: Transaction,
  clinicId: string,
  settings: Settings,
  now: Temporal.Instant,
  judgedAt: Temporal.Instant | undefined,
): Promise<boolean> {
  const planned = (until: Temporal.Instant): Promise<Burst> => tx.notifications.noticesPlanned(clinicId, until.subtract(hour), until)
  const burst = await tx.notifications.noticesPlanned(clinicId, countedFrom(now.subtract(hour), judgedAt), now.add({ milliseconds: 1 }))
  if (!isMassChange(burst, 0, settings.fuse)) return false
  const before: number[] = []
  const here = now.toZonedDateTimeISO(settings.clinic.zone)
  for (let week = 1; week <= weeks; week++) before.push(total(await planned(here.subtract({ weeks: week }).toInstant())))
  const usual = median(before)
  if (!isMassChange(burst, usual, settings.fuse)) return false
  const [seen, agendas] = [total(burst), agendasIn(burst)]
  await tx.massHolds.save({ clinicId, since: now, seen, usual, agendas, state: 'held' })
  await tx.audit.append({ at: now, actor: 'dispatch', action: 'mass-hold.set', subject: clinicId, detail: { seen, usual, agendas } })
  return true
}

async function budgetOf(tx: Transaction, { notification, appointment, settings, now }: Around, budget: number): Promise<Circumstances> {
  const month = now.toZonedDateTimeISO(zoneOf(settings, appointment)).with({ day: 1 }).startOfDay().toInstant()
  const sums = await tx.usage.sums(notification.clinicId, month, now.add({ milliseconds: 1 }))
  const spent = sums.filter(({ channel, automatic }) => channel === 'sms' && automatic).reduce((sum, { price }) => sum + price, 0)
  return { budgetSpent: spent >= budget }
}
