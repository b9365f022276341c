import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../core/appointment.ts'
import type { Burst } from '../core/burst.ts'
import { agendasIn, isAbsence, isMassChange, median, total } from '../core/burst.ts'
import type { Circumstances } from '../core/circumstances.ts'
import { isCapped, isNotice } from '../core/kind.ts'
import { countedFrom, isJudged } from '../core/mass-hold.ts'
import type { Notification } from '../core/notification.ts'
import type { Settings } from '../core/settings.ts'
import { zoneOf } from '../core/settings.ts'
import type { Transaction } from '../store/store.ts'
import { contactHash } from './usage.ts'

export interface Around {
  readonly notification: Notification
  readonly appointment: Appointment
  readonly settings: Settings
  /** E.164 or address; absent: there is none, and a gate will say so. */
  readonly contact: string | undefined
  readonly now: Temporal.Instant
}

/** How far back the fuse looks for what is usual: the same weekday and hour of so many weeks. */
const weeks = 8
const hour = { hours: 1 }

/** What a decision at the send looks at beyond the appointment; asked of the store only where a gate will read it. */
export async function circumstancesOf(tx: Transaction, around: Around): Promise<Circumstances> {
  const { notification, settings } = around
  if (notification.kind === 'manual') return {}
  const parts = [
    await consentOf(tx, around),
    isCapped(notification.kind) ? await sentToday(tx, around) : {},
    isNotice(notification.kind) && notification.kind !== 'confirmation' ? await burstOf(tx, around) : {},
    notification.channel === 'sms' && settings.smsBudget !== undefined ? await budgetOf(tx, around, settings.smsBudget) : {},
  ]
  return Object.assign({}, ...parts)
}

async function consentOf(tx: Transaction, { notification, contact }: Around): Promise<Circumstances> {
  const consent = contact === undefined ? undefined : await tx.consents.find(notification.clinicId, notification.channel, contact)
  return consent ? { consent: consent.state } : {}
}

async function sentToday(tx: Transaction, { notification, appointment, settings, contact, now }: Around): Promise<Circumstances> {
  const midnight = now.toZonedDateTimeISO(zoneOf(settings, appointment)).startOfDay().toInstant()
  const sent =
    contact === undefined ? 0 : await tx.usage.countTo(notification.clinicId, contactHash(notification.clinicId, contact), midnight)
  const siblings = await tx.notifications.ofAppointment(appointment.id)
  const kindSentToday = siblings.some(
    ({ id, kind, channel, state, changedAt }) =>
      id !== notification.id &&
      kind === notification.kind &&
      channel === notification.channel &&
      (state === 'sent' || state === 'delivered' || state === 'in_doubt') &&
      changedAt.epochMilliseconds >= midnight.epochMilliseconds,
  )
  return { sentToday: sent, kindSentToday }
}

async function burstOf(tx: Transaction, { notification, settings, now }: Around): Promise<Circumstances> {
  const { clinicId, plannedAt, agendaKey } = notification
  const { within } = settings.absence
  const near = await tx.notifications.noticesPlanned(clinicId, plannedAt.subtract(within), plannedAt.add(within))
  const absence = isAbsence(near, agendaKey, settings.absence)
  return { absence, massHold: await isHeld(tx, notification, settings, now) }
}

/** What a person has released is not held again, and counts no more. */
async function isHeld(tx: Transaction, { clinicId, plannedAt }: Notification, settings: Settings, now: Temporal.Instant): Promise<boolean> {
  const last = await tx.massHolds.latest(clinicId)
  if (last?.state === 'held') return true
  if (isJudged(plannedAt, last)) return false
  return tripsFuse(tx, clinicId, settings, now, last?.settledAt)
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
  for (let week = 1; week <= weeks; week++) before.push(total(await planned(now.subtract({ hours: 24 * 7 * week }))))
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
