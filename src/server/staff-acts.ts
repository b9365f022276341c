import { Temporal } from 'temporal-polyfill'
import type { Caller } from '../core/access.ts'
import { toldByCall } from '../core/called.ts'
import { planManual } from '../core/manual.ts'
import type { Notification } from '../core/notification.ts'
import type { ChannelKind, MissingContact } from '../core/patient.ts'
import { contactFor } from '../core/patient.ts'
import type { Consent } from '../store/port/contacts.ts'
import type { ToCall } from '../store/port/staff-lists.ts'
import type { UsageSum } from '../store/port/usage.ts'
import type { Transaction } from '../store/store.ts'
import { optedOut, replanAppointment, settingsOf } from './intake/apply.ts'
import { actorOf } from './settings/edit-settings.ts'

export interface ManualSend {
  readonly appointmentId: string
  readonly channel: ChannelKind
  /** The same again is the same message. */
  readonly key: string
  readonly hasProvider: boolean
  readonly caller: Caller
  readonly now: Temporal.Instant
}

export type ManualSent =
  | { readonly kind: 'planned' | 'repeated'; readonly notification: Notification }
  | { readonly kind: 'refused'; readonly reason: string }

/** O6: plans a message because somebody asked for it; it leaves like any other. Who asked, and what was refused, is written down. */
export async function sendByHand(tx: Transaction, act: ManualSend): Promise<ManualSent | undefined> {
  const { appointmentId, channel, key, hasProvider, caller, now } = act
  const appointment = await tx.appointments.find(appointmentId)
  if (!appointment) return undefined
  const settings = await settingsOf(tx, appointment.clinicId)
  const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
  const stopped = (await optedOut(tx, patient, settings, appointment)).has(channel)
  const plan = planManual({ appointment, ...(patient && { patient }), settings, channel, optedOut: stopped, key, now })
  const result = plan.kind === 'planned' && !hasProvider ? ({ kind: 'refused', reason: 'no_channel' } as const) : plan
  const before = result.kind === 'planned' ? await tx.notifications.find(result.notification.id) : undefined
  if (before) return { kind: 'repeated', notification: before }
  if (result.kind === 'planned') await tx.notifications.save(result.notification)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: result.kind === 'planned' ? 'message.requested' : 'message.refused',
    subject: result.kind === 'planned' ? result.notification.id : appointmentId,
    detail: { channel, ...(result.kind === 'refused' && { reason: result.reason }) },
  })
  return result
}

/** Somebody has telephoned: done once, and what was said need not be said again. */
export async function markCalled(tx: Transaction, id: string, caller: Caller, now: Temporal.Instant): Promise<ToCall | undefined> {
  const entry = await tx.toCall.find(id)
  if (!entry || entry.doneAt) return entry
  const appointment = await tx.appointments.find(entry.appointmentId)
  const before = appointment && (await tx.told.find(appointment.id))
  // of `appointment:kind:step:basis`
  const basis = id.slice(id.lastIndexOf(':') + 1)
  const told = appointment && toldByCall(basis, appointment, before, now)
  const done = { ...entry, doneAt: now, doneBy: actorOf(caller), ...(told && before && { toldBefore: before }) }
  await tx.toCall.save(done)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'to-call.done',
    subject: entry.appointmentId,
    detail: { kind: entry.kind },
  })
  if (appointment && told) {
    await tx.told.save(appointment.id, told)
    await replanAppointment(tx, appointment, now)
  }
  return done
}

/** It was ticked by mistake: there is somebody to telephone again, and the patient knows what they knew before, unless they have been told since. */
export async function undoCalled(tx: Transaction, id: string, caller: Caller, now: Temporal.Instant): Promise<ToCall | undefined> {
  const entry = await tx.toCall.find(id)
  if (!entry?.doneAt) return entry
  const { doneAt, doneBy: _, toldBefore, ...open } = entry
  await tx.toCall.save(open)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'to-call.reopened',
    subject: entry.appointmentId,
    detail: { kind: entry.kind },
  })
  const appointment = await tx.appointments.find(entry.appointmentId)
  const told = appointment && (await tx.told.find(appointment.id))
  if (!appointment || told?.by !== 'call' || !told.at.equals(doneAt)) return open
  if (toldBefore) await tx.told.save(appointment.id, toldBefore)
  else await tx.told.forget(appointment.id)
  await replanAppointment(tx, appointment, now)
  return open
}

export interface ConsentAct {
  readonly patientId: string
  readonly channel: ChannelKind
  readonly state: Consent['state']
  readonly caller: Caller
  readonly now: Temporal.Instant
}

/** Of the contact that messages would go to now; another contact has a consent of its own (gate 7). */
export async function recordConsent(tx: Transaction, act: ConsentAct): Promise<Consent | MissingContact | undefined> {
  const { patientId, channel, state, caller, now } = act
  const patient = await tx.patients.find(patientId)
  if (!patient) return undefined
  const { clinicId } = patient
  const settings = await settingsOf(tx, clinicId)
  const contact = contactFor(patient, channel, settings, { firstSeenAt: now, zone: settings.clinic.zone })
  if (contact.kind === 'missing') return contact.reason
  const consent = { state, at: now, by: actorOf(caller) }
  await tx.consents.save(clinicId, channel, contact.value, consent)
  await tx.audit.append({ at: now, actor: actorOf(caller), action: `consent.${state}`, subject: patientId, detail: { channel } })
  return consent
}

export interface OptOutAct {
  readonly patientId: string
  readonly channel: ChannelKind
  /** `stopped`: at the patient's word, as if they had answered STOP; `lifted`: at their word, they may be written to again. */
  readonly state: 'stopped' | 'lifted'
  readonly caller: Caller
  readonly now: Temporal.Instant
}

/** Of the contact that messages would go to now (gate 7). What waits for it is decided anew at its hour. */
export async function recordOptOut(tx: Transaction, act: OptOutAct): Promise<OptOutAct['state'] | MissingContact | undefined> {
  const { patientId, channel, state, caller, now } = act
  const patient = await tx.patients.find(patientId)
  if (!patient) return undefined
  const { clinicId } = patient
  const settings = await settingsOf(tx, clinicId)
  const contact = contactFor(patient, channel, settings, { firstSeenAt: now, zone: settings.clinic.zone })
  if (contact.kind === 'missing') return contact.reason
  if (state === 'stopped') await tx.optOuts.add(clinicId, channel, contact.value, now)
  else await tx.optOuts.remove(clinicId, channel, contact.value)
  await tx.audit.append({ at: now, actor: actorOf(caller), action: `opt-out.${state}`, subject: patientId, detail: { channel } })
  return state
}

export interface MonthlyUsage {
  readonly month: string
  /** Days begin and end there. */
  readonly zone: string
  /** Prices in ten-thousandths of their currency. */
  readonly items: readonly UsageSum[]
}

/** O21: what one calendar month of the clinic was sent and costs; `month` is the current one unless told. */
export async function usageOf(
  tx: Transaction,
  clinicId: string,
  month: string | undefined,
  now: Temporal.Instant,
): Promise<MonthlyUsage | undefined> {
  const settings = await tx.settings.current(clinicId)
  if (!settings) return undefined
  const { zone } = settings.clinic
  const asked = month === undefined ? now.toZonedDateTimeISO(zone).toPlainDate().toPlainYearMonth() : Temporal.PlainYearMonth.from(month)
  const startOf = (each: Temporal.PlainYearMonth) => each.toPlainDate({ day: 1 }).toZonedDateTime(zone).toInstant()
  const items = await tx.usage.sums(clinicId, startOf(asked), startOf(asked.add({ months: 1 })))
  return { month: asked.toString(), zone, items }
}
