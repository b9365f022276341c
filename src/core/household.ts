import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from './appointment.ts'
import type { Notification } from './notification.ts'
import { isPending } from './notification.ts'
import type { ContactRules, Patient, Visit } from './patient.ts'
import { contactFor } from './patient.ts'
import type { Settings } from './settings.ts'
import { agendaKeyOf, zoneOf } from './settings.ts'

/** One person's appointment, and the text that is due for it. */
export interface Companion {
  readonly appointment: Appointment
  readonly patient: Patient
  readonly notification: Notification
}

/** D29: reminders of one local day on one phone are one text; e-mails stay separate. */
export function mayMerge({ kind, channel }: Pick<Notification, 'kind' | 'channel'>): boolean {
  return channel === 'sms' && (kind === 'reminder' || kind === 'previsit')
}

/**
 * The patient as a text on `phone`, a number of `holder`, reaches them; undefined: it does not (D29). A household is those of one number, or
 * those whom the EHR says are related, whichever record names the other: somebody who has no mobile of their own is told by the text
 * that goes to their relative's for the same day. Nobody with a phone of their own is told only on somebody else's.
 */
export function reachedOn(phone: string, holder: Patient, patient: Patient, rules: ContactRules, visit: Visit): Patient | undefined {
  const contact = contactFor(patient, 'sms', rules, visit)
  if (contact.kind === 'found') return contact.value === phone ? patient : undefined
  if (patient.id === holder.id || !areRelated(holder, patient)) return undefined
  const lent = { kind: 'phone', value: phone, mobile: 'yes' } as const
  const { contacts, relatives = [] } = patient
  const withPhone = { ...patient, contacts: [lent, ...contacts], relatives: [{ guardian: true, contacts: [lent] }, ...relatives] }
  // a minor who decides is told on a relative's phone only with a consent on record (MOD-12)
  return contactFor(withPhone, 'sms', rules, visit).kind === 'found' ? withPhone : undefined
}

function areRelated(a: Patient, b: Patient): boolean {
  return a.connectorId === b.connectorId && (names(a, b) || names(b, a))
}

function names({ relatives = [] }: Patient, { ehrId }: Patient): boolean {
  return relatives.some((relative) => relative.ehrId === ehrId)
}

/**
 * Those of the household whose text is said by `leader`'s: the same clinic, local day and kind, still to be sent, and the same agenda; one
 * patient's own merge across agendas where the cadence says so. One for each appointment, in the order of their hours.
 * `others`: all that was ever planned for the household.
 */
export function companionsOf(leader: Companion, others: readonly Companion[], settings: Settings): readonly Companion[] {
  const said = new Map<AppointmentId, Companion>()
  for (const other of others) {
    if (!belongs(leader, other, settings) || hadThisStep(leader, other, others)) continue
    const rival = said.get(other.appointment.id)
    if (!rival || isNearer(leader, other, rival)) said.set(other.appointment.id, other)
  }
  return byHour([...said.values()])
}

/** Soonest first; of two at one hour, the order they were given in. */
export function byHour<Each extends Pick<Companion, 'appointment'>>(household: readonly Each[]): readonly Each[] {
  return [...household].sort((a, b) => startOf(a) - startOf(b))
}

function belongs(leader: Companion, other: Companion, settings: Settings): boolean {
  const { notification, appointment, patient } = other
  if (notification.id === leader.notification.id || appointment.id === leader.appointment.id) return false
  if (appointment.clinicId !== leader.appointment.clinicId || notification.patientId !== patient.id) return false
  if (!isPending(notification) || notification.kind !== leader.notification.kind || notification.channel !== 'sms') return false
  if (!isSameDayAndClock(leader, other, settings)) return false
  const own = patient.id === leader.patient.id && settings.cadence.mergesOwnAcrossAgendas
  return own || agendaKeyOf(settings, appointment) === agendaKeyOf(settings, leader.appointment)
}

/** One text says one day, by one clock. */
function isSameDayAndClock(leader: Companion, other: Companion, settings: Settings): boolean {
  const zone = zoneOf(settings, leader.appointment)
  const day = localDay(leader.appointment.start, zone)
  return day !== undefined && zone === zoneOf(settings, other.appointment) && day === localDay(other.appointment.start, zone)
}

/** Its own text of the leader's step has left: what is still to come of it is of a later step, and not for today. */
function hadThisStep(
  { notification: { step } }: Companion,
  { appointment, notification }: Companion,
  others: readonly Companion[],
): boolean {
  if (notification.step === step) return false
  return others.some(
    (each) =>
      each.appointment.id === appointment.id &&
      each.notification.step === step &&
      each.notification.channel === 'sms' &&
      each.notification.basis === notification.basis &&
      !isPending(each.notification) &&
      each.notification.state !== 'withdrawn',
  )
}

/** Of two texts planned for one appointment: the leader's own step of the cadence, else the one that is due sooner. */
function isNearer({ notification: { step } }: Companion, { notification: a }: Companion, { notification: b }: Companion): boolean {
  if ((a.step === step) !== (b.step === step)) return a.step === step
  return a.dueAt.epochMilliseconds < b.dueAt.epochMilliseconds
}

/** `YYYY-MM-DD` there. */
export function localDay(at: Temporal.Instant | undefined, zone: string): string | undefined {
  return at?.toZonedDateTimeISO(zone).toPlainDate().toString()
}

function startOf({ appointment }: Pick<Companion, 'appointment'>): number {
  return appointment.start?.epochMilliseconds ?? 0
}
