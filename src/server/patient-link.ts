import { Temporal } from 'temporal-polyfill'
import type { Connector } from '../connectors/connector.ts'
import type { Appointment } from '../core/appointment.ts'
import { isCancelled } from '../core/appointment.ts'
import type { ConnectorId } from '../core/envelope.ts'
import type { Patient } from '../core/patient.ts'
import type { PatientPageInput } from '../core/patient-page.ts'
import type { Settings } from '../core/settings.ts'
import type { Facts } from '../core/told.ts'
import type { Link } from '../store/port/links.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { newToken, sha256 } from './ids.ts'
import { settingsOf } from './intake/apply.ts'
import type { Metrics } from './metrics.ts'

export interface LinkDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clock: Clock
}

export interface AnswerDeps extends LinkDeps {
  readonly metrics: Metrics
  /** Called after a commit: a write-back waits, notifications may have changed. */
  readonly answered: () => void
}

/** What a private address opens, as things stand now. */
export interface Opened {
  readonly link: Link
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly input: PatientPageInput
}

/** Undefined for an unknown, an expired and a revoked one alike (R26). Writes nothing. */
export async function openLink(
  tx: Transaction,
  { clock, connectors }: Pick<LinkDeps, 'clock' | 'connectors'>,
  token: string,
  step?: 'cancel',
): Promise<Opened | undefined> {
  const now = clock.now()
  const link = await tx.links.find(sha256(token))
  if (!link || Temporal.Instant.compare(link.expiresAt, now) <= 0) return undefined
  const linked = await tx.appointments.find(link.appointmentId)
  const patient = await tx.patients.find(await tx.patients.survivorOf(link.patientId))
  const appointment = linked && (await standingFor(tx, linked))
  if (!appointment || !patient) return undefined
  // what is somebody else's now is not shown to whom it was written (V2-ID-4)
  const owner = appointment.patientId === undefined ? undefined : await tx.patients.survivorOf(appointment.patientId)
  if (owner !== patient.id && appointment.holds.length === 0) return undefined
  const [told, writeBacks, attempts] = await Promise.all([
    tx.told.find(appointment.id),
    tx.writeBacks.ofAppointment(appointment.id),
    tx.attempts.ofAppointment(link.appointmentId),
  ])
  const settings = await settingsOf(tx, appointment.clinicId)
  const shown =
    attempts.findLast((attempt) => attempt.notificationId === link.notificationId)?.says ?? (await saidByAnother(tx, link.notificationId))
  const writes = connectors.get(appointment.connectorId)?.writes ?? new Set()
  const input = {
    appointment,
    patient,
    settings,
    writeBacks,
    writes,
    now,
    ...(told && { told }),
    ...(shown && { shown }),
    ...(step && { step }),
  }
  return { link, appointment, patient, settings, input }
}

/** What the text of a household said of this one (D29). */
async function saidByAnother(tx: Transaction, notificationId: string): Promise<Facts | undefined> {
  const notification = await tx.notifications.find(notificationId)
  if (notification?.state !== 'merged_into' || notification.reason === undefined) return undefined
  const leader = await tx.notifications.find(notification.reason)
  const attempts = leader ? await tx.attempts.ofAppointment(leader.appointmentId) : []
  const attempt = attempts.findLast((each) => each.notificationId === leader?.id && each.also?.includes(notificationId))
  return attempt?.alsoSays?.[attempt.also?.indexOf(notificationId) ?? 0]
}

/** Opened from a message that went to a test address: what is answered there is nobody's word, unless the clinic wants to see it in the chart. */
export function isForTest({ link, settings }: Pick<Opened, 'link' | 'settings'>): boolean {
  return link.redirected === true && settings.rollout?.answersToChart !== true
}

/** V2-ORD-4: the link of a cancelled appointment opens the one it was moved to. */
async function standingFor(tx: Transaction, appointment: Appointment): Promise<Appointment> {
  if (appointment.replacedBy === undefined || !isCancelled(appointment)) return appointment
  const successor = await tx.appointments.find(appointment.replacedBy)
  return successor && successor.patientId === appointment.patientId ? successor : appointment
}

/** A private address that no message carried, for whoever has shown to be the patient; short-lived, since no message has to be found again. */
export async function mintPageLink(
  tx: Transaction,
  appointment: Appointment,
  patient: Patient,
  now: Temporal.Instant,
  from?: Pick<Link, 'redirected'>,
): Promise<string> {
  const token = newToken()
  await tx.links.save({
    tokenHash: sha256(token),
    appointmentId: appointment.id,
    patientId: patient.id,
    notificationId: 'page',
    createdAt: now,
    expiresAt: now.add({ hours: 24 }),
    ...(from?.redirected && { redirected: true }),
  })
  return token
}
