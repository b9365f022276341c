import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { Appointment, AppointmentId } from '../../core/appointment.ts'
import type { DeliveryAttempt } from '../../core/delivery.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Asked } from '../../core/inbound/asked.ts'
import type { Patient } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import type { Facts } from '../../core/told.ts'
import type { Transaction } from '../../store/store.ts'
import { settingsOf } from '../intake/apply.ts'

export interface AskedDeps {
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clinics: readonly string[]
}

/** Who is on file with a number, at one clinic. */
export interface Household {
  readonly clinicId: string
  readonly patients: readonly Patient[]
}

/** A number is of a household; a few more are looked at, and then no more. */
const mostPatients = 12
const mostOfOne = 12

/** Whose number it is, in each clinic; those related to them too, who may be told by it. */
export async function householdsOf(tx: Transaction, clinics: readonly string[], contact: string): Promise<readonly Household[]> {
  const households: Household[] = []
  for (const clinicId of clinics) {
    const patients = await tx.patients.sharing(clinicId, contact, mostPatients)
    if (patients.length > 0) households.push({ clinicId, patients })
  }
  return households
}

/** The appointments ahead of which this number had a text that left, or may have. */
export async function findAsked(
  tx: Transaction,
  { connectors }: AskedDeps,
  households: readonly Household[],
  contact: string,
  now: Temporal.Instant,
): Promise<readonly Asked[]> {
  const asked = new Map<AppointmentId, Asked>()
  for (const { clinicId, patients } of households) {
    const settings = await settingsOf(tx, clinicId)
    for (const patient of await withRelatives(tx, patients))
      for (const appointment of await tx.appointments.ofPatient(patient.id, now, mostOfOne)) {
        const text = await lastText(tx, appointment, patient, settings, contact)
        if (!text) continue
        const told = await tx.told.find(appointment.id)
        asked.set(appointment.id, {
          appointment,
          patient,
          settings,
          ...(told && { told }),
          writeBacks: await tx.writeBacks.ofAppointment(appointment.id),
          writes: connectors.get(appointment.connectorId)?.writes ?? new Set(),
          ...text,
        })
      }
  }
  return [...asked.values()]
}

async function withRelatives(tx: Transaction, patients: readonly Patient[]): Promise<readonly Patient[]> {
  const all = new Map(patients.map((patient) => [patient.id, patient]))
  for (const { id } of patients) for (const relative of await tx.patients.related(id, mostPatients)) all.set(relative.id, relative)
  return [...all.values()].slice(0, 2 * mostPatients)
}

/** What this number last read of the appointment: in its own text, or in that of another of the household (D29). */
async function lastText(
  tx: Transaction,
  appointment: Appointment,
  patient: Patient,
  settings: Settings,
  contact: string,
): Promise<Pick<Asked, 'says' | 'textedAt'> | undefined> {
  const isHere = ({ channel, to, outcome, redirected }: DeliveryAttempt) =>
    channel === 'sms' &&
    (!redirected || settings.rollout?.answersToChart === true) &&
    (to ?? numberOf(patient, settings, appointment)) === contact &&
    outcome?.kind !== 'rejected' &&
    outcome?.kind !== 'deferred'
  const texts: { readonly says: Facts; readonly textedAt: Temporal.Instant }[] = []
  const notifications = new Map((await tx.notifications.ofAppointment(appointment.id)).map((each) => [each.id, each]))
  const isTheirs = async (id: string) => {
    const notification = notifications.get(id)
    // written to whoever had the appointment before, it is no question to this one (V2-ID-4)
    return notification !== undefined && (await tx.patients.survivorOf(notification.patientId)) === patient.id
  }
  for (const attempt of (await tx.attempts.ofAppointment(appointment.id)).filter(isHere))
    if (await isTheirs(attempt.notificationId)) texts.push({ says: attempt.says, textedAt: attempt.startedAt })
  for (const { id, state, reason } of notifications.values()) {
    if (state !== 'merged_into' || reason === undefined || !(await isTheirs(id))) continue
    const leader = await tx.notifications.find(reason)
    const attempts = leader ? await tx.attempts.ofAppointment(leader.appointmentId) : []
    const attempt = attempts.findLast((each) => each.notificationId === reason && isHere(each) && each.also?.includes(id))
    const says = attempt?.alsoSays?.[attempt.also?.indexOf(id) ?? 0]
    if (attempt && says) texts.push({ says, textedAt: attempt.startedAt })
  }
  return texts.toSorted((a, b) => a.textedAt.epochMilliseconds - b.textedAt.epochMilliseconds).at(-1)
}

/** Of texts that left before where they went was kept. */
function numberOf(patient: Patient, settings: Settings, appointment: Appointment): string | undefined {
  const choice = contactFor(patient, 'sms', settings, appointment)
  return choice.kind === 'found' ? choice.value : undefined
}
