import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../core/appointment.ts'
import type { AppointmentChange } from '../core/change.ts'
import type { Arrival } from '../core/evolve.ts'
import { evolve } from '../core/evolve.ts'
import { evolvePatient } from '../core/evolve-patient.ts'
import type { ChannelKind, Patient, Visit } from '../core/patient.ts'
import { contactFor, patientId } from '../core/patient.ts'
import type { PlanInput } from '../core/plan.ts'
import { plan } from '../core/plan.ts'
import { isCancelling } from '../core/reply.ts'
import type { Settings } from '../core/settings.ts'
import { modalityConflict, motifOf, NO_MOTIF } from '../core/settings.ts'
import { isReflected } from '../core/write-back.ts'
import type { Transaction } from '../store/store.ts'

/** What of a connector's configuration the rules need. */
export interface Source extends Omit<Arrival, 'now' | 'envelopeId'> {
  /** O8. */
  readonly cancelDebounce: Temporal.Duration
}

export type Applied = 'changed' | 'unchanged' | 'stale'

/** One word of the EHR, whole: appointment, patient, notifications, write-backs and audit, in the caller's transaction (law 4). */
export async function applyChange(
  tx: Transaction,
  change: AppointmentChange,
  source: Source,
  now: Temporal.Instant,
  envelopeId: string,
): Promise<Applied> {
  const arrival: Arrival = { ...source, now, envelopeId }
  const before = await tx.appointments.find(`${source.connectorId}:${change.ehrId}`)
  const { appointment, changed, stale } = evolve(before, change, arrival)
  const patient = await applyPatient(tx, change, appointment, arrival)
  if (stale) return 'stale'
  await tx.appointments.save(appointment)
  const settings = await settingsOf(tx, source.clinicId)
  await countUnset(tx, before, appointment, settings, now)
  await verifyWriteBacks(tx, appointment, change, now)
  await replan(tx, {
    appointment,
    ...(patient && { patient }),
    settings,
    changed,
    cause: 'ehr',
    cancelDebounce: source.cancelDebounce,
    now,
  })
  if (changed.length > 0)
    await tx.audit.append({
      at: now,
      actor: `connector:${source.connectorId}`,
      action: 'appointment.changed',
      subject: appointment.id,
      detail: { aspects: changed.join(' '), revision: appointment.revision },
    })
  if (changed.length > 0) await noteModalityConflict(tx, appointment, settings, now)
  return changed.length > 0 ? 'changed' : 'unchanged'
}

async function applyPatient(
  tx: Transaction,
  change: AppointmentChange,
  appointment: Appointment,
  arrival: Arrival,
): Promise<Patient | undefined> {
  if (change.patient) {
    const before = await tx.patients.find(patientId(arrival.connectorId, change.patient.ehrId))
    const patient = evolvePatient(before, change.patient, change.patient.stamp ?? change.stamp, arrival)
    if (patient !== before) await tx.patients.save(patient)
    if (patient.id === appointment.patientId) return patient
  }
  return appointment.patientId === undefined ? undefined : tx.patients.find(appointment.patientId)
}

export async function settingsOf(tx: Transaction, clinicId: string): Promise<Settings> {
  const settings = await tx.settings.current(clinicId)
  if (!settings) throw new Error(`no settings for clinic ${clinicId}`)
  return settings
}

/** O4: what nobody has set is silent, and counted, once for each appointment that brings it. */
async function countUnset(
  tx: Transaction,
  before: Appointment | undefined,
  appointment: Appointment,
  settings: Settings,
  now: Temporal.Instant,
): Promise<void> {
  const { clinicId, connectorId, agenda, motif } = appointment
  if (agenda && !Object.hasOwn(settings.agendas, agenda.key) && before?.agenda?.key !== agenda.key)
    await tx.unset.count({ clinicId, connectorId, kind: 'agenda', ...agenda }, now)
  const coded = motif ?? { key: NO_MOTIF }
  if (!Object.hasOwn(settings.motifs, coded.key) && (!before || (before.motif?.key ?? NO_MOTIF) !== coded.key))
    await tx.unset.count({ clinicId, connectorId, kind: 'motif', ...coded }, now)
}

/** Section 4, modality guard: what is said stays neutral, and whoever reads the audit sees which two words to bring together. */
async function noteModalityConflict(tx: Transaction, appointment: Appointment, settings: Settings, now: Temporal.Instant): Promise<void> {
  if (!modalityConflict(settings, appointment)) return
  const { id, connectorId, modality, revision } = appointment
  await tx.audit.append({
    at: now,
    actor: `connector:${connectorId}`,
    action: 'appointment.modality-conflict',
    subject: id,
    detail: { ehr: modality, motif: motifOf(settings, appointment).type, revision },
  })
}

/** V2-ORD-5: the EHR's own word says what we wrote, so it is in the chart. */
async function verifyWriteBacks(
  tx: Transaction,
  appointment: Appointment,
  change: AppointmentChange,
  now: Temporal.Instant,
): Promise<void> {
  if (change.status === undefined && change.confirmation === undefined) return
  for (const writeBack of await tx.writeBacks.ofAppointment(appointment.id)) {
    const awaited = writeBack.state === 'acknowledged' && appointment.start?.equals(writeBack.start)
    if (awaited && isReflected(writeBack, change)) await tx.writeBacks.save({ ...writeBack, state: 'verified', verifiedAt: now })
  }
}

export type Replan = Pick<PlanInput, 'appointment' | 'patient' | 'settings' | 'changed' | 'cause' | 'cancelDebounce' | 'now'>

/** Plans again what is owed to the patient of one appointment, from what is stored. */
export async function replan(tx: Transaction, input: Replan): Promise<void> {
  const { appointment, patient, settings } = input
  const [told, existing, writeBacks] = await Promise.all([
    tx.told.find(appointment.id),
    tx.notifications.ofAppointment(appointment.id),
    tx.writeBacks.ofAppointment(appointment.id),
  ])
  const cancelling = isCancelling(appointment, writeBacks)
  const result = plan({
    ...input,
    ...(told && { told }),
    existing,
    cancelling,
    optedOut: await optedOut(tx, patient, settings, appointment),
  })
  for (const notification of result.save) await tx.notifications.save(notification)
  if (result.told) await tx.told.save(appointment.id, result.told)
}

const contactable: readonly ChannelKind[] = ['email', 'sms']

/** The channels whose contact said STOP, or opted out. */
export async function optedOut(
  tx: Transaction,
  patient: Patient | undefined,
  settings: Settings,
  visit: Visit,
): Promise<ReadonlySet<ChannelKind>> {
  const stopped = new Set<ChannelKind>()
  if (!patient) return stopped
  for (const channel of contactable) {
    const contact = contactFor(patient, channel, settings, visit)
    if (contact.kind === 'found' && (await tx.optOuts.has(settings.clinic.id, channel, contact.value))) stopped.add(channel)
  }
  return stopped
}

const atOnce = Temporal.Duration.from({ seconds: 0 })

/**
 * Plans again after something of ours changed: a send came back, a patient answered, an EHR refused. With `settings` as the cause
 * reminders move, and no notice comes of it.
 */
export async function replanAppointment(
  tx: Transaction,
  appointment: Appointment,
  now: Temporal.Instant,
  cause: 'ehr' | 'settings' = 'ehr',
): Promise<void> {
  const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
  const settings = await settingsOf(tx, appointment.clinicId)
  await replan(tx, { appointment, ...(patient && { patient }), settings, changed: [], cause, cancelDebounce: atOnce, now })
}
