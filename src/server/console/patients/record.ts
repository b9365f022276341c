import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../../core/appointment.ts'
import type { Notification } from '../../../core/notification.ts'
import type { ContactChoice, Patient, PatientId } from '../../../core/patient.ts'
import { contactFor } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Consent } from '../../../store/port/contacts.ts'
import type { Transaction } from '../../../store/store.ts'

export const asked = ['email', 'sms'] as const
export type AskedChannel = (typeof asked)[number]

/** One channel as a message of now would use it. */
export interface ChannelState {
  readonly channel: AskedChannel
  readonly contact: ContactChoice
  readonly consent?: Consent
  readonly stopped: boolean
}

export interface PatientRecord {
  readonly patient: Patient
  /** D22: the one switch. */
  readonly notify: boolean
  readonly channels: readonly ChannelState[]
  /** Records that were merged into this one. */
  readonly merged: readonly PatientId[]
  readonly relatives: readonly Patient[]
  readonly wrongNumbers: ReadonlySet<string>
}

const mostRelatives = 20

export async function readRecord(
  tx: Transaction,
  settings: Settings,
  id: PatientId,
  now: Temporal.Instant,
): Promise<PatientRecord | undefined> {
  const patient = await tx.patients.find(id)
  if (patient?.clinicId !== settings.clinic.id) return undefined
  const channels: ChannelState[] = []
  for (const channel of asked) channels.push(await channelState(tx, settings, patient, channel, now))
  const wrongNumbers = new Set<string>()
  for (const { kind, value } of patient.contacts)
    if (kind === 'phone' && value !== undefined && (await tx.wrongNumbers.has(settings.clinic.id, value))) wrongNumbers.add(value)
  return {
    patient,
    notify: !Object.hasOwn(settings.patients, id) || settings.patients[id]?.notify !== false,
    channels,
    merged: await tx.forgetting.priorIdsOf(id),
    relatives: await tx.patients.related(id, mostRelatives),
    wrongNumbers,
  }
}

async function channelState(
  tx: Transaction,
  settings: Settings,
  patient: Patient,
  channel: AskedChannel,
  now: Temporal.Instant,
): Promise<ChannelState> {
  const contact = contactFor(patient, channel, settings, { firstSeenAt: now, zone: settings.clinic.zone })
  if (contact.kind === 'missing') return { channel, contact, stopped: false }
  const consent = await tx.consents.find(patient.clinicId, channel, contact.value)
  return { channel, contact, ...(consent && { consent }), stopped: await tx.optOuts.has(patient.clinicId, channel, contact.value) }
}

export interface Told {
  readonly notification: Notification
  readonly appointment: Appointment
}

export interface PatientHistory {
  /** Soonest first. */
  readonly ahead: readonly Appointment[]
  /** What is planned and what was said, the latest first. */
  readonly messages: readonly Told[]
}

/** A year back; more than that of one patient is looked up by the appointment. */
const back = { hours: 365 * 24 }
const mostAppointments = 60
const mostMessages = 200

export async function readHistory(tx: Transaction, id: PatientId, now: Temporal.Instant): Promise<PatientHistory> {
  const appointments = await tx.appointments.ofPatient(id, now.subtract(back), mostAppointments)
  const messages: Told[] = []
  for (const appointment of appointments)
    for (const notification of await tx.notifications.ofAppointment(appointment.id)) messages.push({ notification, appointment })
  messages.sort((a, b) => whenOf(b.notification).epochMilliseconds - whenOf(a.notification).epochMilliseconds)
  return {
    ahead: appointments.filter(({ start }) => start !== undefined && start.epochMilliseconds >= now.epochMilliseconds),
    messages: messages.slice(0, mostMessages),
  }
}

/** When it is due while it waits, else when it last changed. */
export function whenOf({ state, dueAt, changedAt }: Notification): Temporal.Instant {
  return state === 'planned' || state === 'parked' || state === 'held' ? dueAt : changedAt
}
