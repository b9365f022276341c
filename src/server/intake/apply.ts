import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { appointmentId } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { Envelope } from '../../core/envelope.ts'
import type { Arrival } from '../../core/evolve.ts'
import { evolve } from '../../core/evolve.ts'
import { isOnePerson } from '../../core/evolve-patient.ts'
import type { Sighting } from '../../core/feed/time-shift.ts'
import { causeOf } from '../../core/late.ts'
import type { ChannelKind, Patient, Visit } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import type { PlanInput } from '../../core/plan.ts'
import { plan } from '../../core/plan.ts'
import { isCancelling } from '../../core/reply.ts'
import type { Settings } from '../../core/settings.ts'
import { agendaKeyOf, modalityConflict, motifOf, NO_MOTIF } from '../../core/settings.ts'
import type { WriteBack } from '../../core/write-back.ts'
import { isReflected } from '../../core/write-back.ts'
import type { Transaction } from '../../store/store.ts'
import type { Beside } from '../beside.ts'
import { besideOf, nothing } from '../beside.ts'
import { householdInShare } from '../sending/rollout-share.ts'
import { openToDo } from '../to-do.ts'
import { afterMerges, hearPatient } from './hear-patient.ts'
import { pairRebooking, unpaired } from './rebooking.ts'

/** What of a connector's configuration the rules need. */
export interface Source extends Omit<Arrival, 'now' | 'envelopeId'> {
  /** O8. */
  readonly cancelDebounce: Temporal.Duration
  /** V2-ORD-6: an appointment first told of so long after the EHR's own word counts as told. Absent: however late, it is confirmed. */
  readonly maxEventAge?: Temporal.Duration
}

export type Applied = 'changed' | 'unchanged' | 'stale'

/** One word of the EHR, whole: appointment, patient, notifications, write-backs and audit, in the caller's transaction (law 4). */
export async function applyChange(
  tx: Transaction,
  change: AppointmentChange,
  source: Source,
  now: Temporal.Instant,
  envelopeId: string,
  purpose?: Envelope['purpose'],
  sighted?: (sighting: Sighting) => void,
): Promise<Applied> {
  const arrival: Arrival = { ...source, now, envelopeId }
  const named = change.patient && (await hearPatient(tx, change.patient, change.patient.stamp ?? change.stamp, arrival))
  const resolved = named ? { ...change, patient: { ...change.patient, ehrId: named.ehrId } } : change
  const stored = await tx.appointments.find(appointmentId(source.connectorId, change.ehrId))
  // what is past is not rewritten by a merge, but read anew
  const before = stored && (await afterMerges(tx, stored, now))
  const onePerson = await isSamePatient(tx, before, named)
  const evolution = evolve(before, resolved, { ...arrival, onePerson })
  const { changed, stale } = evolution
  const sighting = sightingOf(before, evolution.appointment, change, now)
  if (sighting) sighted?.(sighting)
  if (stale && evolution.appointment.rivals?.length === before?.rivals?.length) return 'stale'
  const settings = await settingsOf(tx, source.clinicId)
  const known = before ? await besideOf(tx, before.id) : nothing
  const cause = causeOf({ before, told: known.told, stamp: change.stamp, purpose, maxEventAge: source.maxEventAge, now })
  const paired =
    cause === 'ehr' ? await pairRebooking(tx, before, evolution.appointment, source.cancelDebounce, now) : unpaired(evolution.appointment)
  const { appointment } = paired
  await tx.appointments.save(appointment)
  await countUnset(tx, before, appointment, settings, now)
  const beside = paired.isMove ? await besideOf(tx, appointment.id) : known
  const writeBacks = await verifyWriteBacks(tx, appointment, beside.writeBacks, change, now)
  const patient = await patientOf(tx, appointment, named)
  await replan(tx, {
    appointment,
    ...(patient && { patient }),
    settings,
    changed,
    cause,
    mayBeMove: paired.mayBeMove,
    cancelDebounce: source.cancelDebounce,
    beside: { ...beside, writeBacks },
    now,
  })
  if (paired.successor) await replanAppointment(tx, paired.successor, now)
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

/** The EHR speaks again of a start that was known, for the time doctor; stale words say nothing of where it is now. */
function sightingOf(
  before: Appointment | undefined,
  { id, start, agenda, said }: Appointment,
  { time, timeReading, stamp }: AppointmentChange,
  now: Temporal.Instant,
): Sighting | undefined {
  if (!before?.start || !start || !time || said.time !== stamp) return undefined
  return {
    appointmentId: id,
    at: now,
    before: before.start,
    after: start,
    ...(agenda && { agendaKey: agenda.key }),
    ...(timeReading !== undefined && { reading: timeReading }),
  }
}

/** V2-ID-4: two records, but one id in common. */
async function isSamePatient(tx: Transaction, before: Appointment | undefined, named: Patient | undefined): Promise<boolean> {
  if (before?.patientId === undefined || !named || named.id === before.patientId) return true
  const known = await tx.patients.find(before.patientId)
  return known !== undefined && isOnePerson(known, named)
}

async function patientOf(tx: Transaction, { patientId }: Appointment, named: Patient | undefined): Promise<Patient | undefined> {
  if (patientId === undefined || named?.id === patientId) return named?.id === patientId ? named : undefined
  return tx.patients.find(patientId)
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
  const agendaKey = agendaKeyOf(settings, appointment)
  if (agenda && agendaKey !== undefined && !Object.hasOwn(settings.agendas, agendaKey) && before?.agenda?.key !== agenda.key)
    await tx.unset.count({ clinicId, connectorId, kind: 'agenda', ...agenda }, now)
  const coded = motif ?? { key: NO_MOTIF }
  if (!Object.hasOwn(settings.motifs, coded.key) && (!before || (before.motif?.key ?? NO_MOTIF) !== coded.key))
    await tx.unset.count({ clinicId, connectorId, kind: 'motif', ...coded }, now)
}

/** Section 4, modality guard: what is said stays neutral, and the staff sees which two words to bring together. */
async function noteModalityConflict(tx: Transaction, appointment: Appointment, settings: Settings, now: Temporal.Instant): Promise<void> {
  if (!modalityConflict(settings, appointment)) return
  const { id, clinicId, connectorId, modality, revision, patientId } = appointment
  const line = { id: `modality_conflict:${id}`, clinicId, kind: 'modality_conflict' as const, appointmentId: id, reason: modality }
  await openToDo(tx, { ...line, ...(patientId !== undefined && { patientId }) }, now)
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
  writeBacks: readonly WriteBack[],
  change: AppointmentChange,
  now: Temporal.Instant,
): Promise<readonly WriteBack[]> {
  if (change.status === undefined && change.confirmation === undefined) return writeBacks
  const after: WriteBack[] = []
  for (const writeBack of writeBacks) {
    const awaited = writeBack.state === 'acknowledged' && appointment.start?.equals(writeBack.start)
    const isVerified = awaited && isReflected(writeBack, change)
    const { reason: _reason, ...rest } = writeBack
    const next: WriteBack = isVerified ? { ...rest, state: 'verified', verifiedAt: now } : writeBack
    if (next !== writeBack) await tx.writeBacks.save(next)
    after.push(next)
  }
  return after
}

interface Replan
  extends Pick<PlanInput, 'appointment' | 'patient' | 'settings' | 'changed' | 'cause' | 'mayBeMove' | 'cancelDebounce' | 'now'> {
  readonly beside: Beside
}

/** Plans again what is owed to the patient of one appointment, from what is stored. */
async function replan(tx: Transaction, { beside, ...input }: Replan): Promise<void> {
  const { appointment, patient, settings } = input
  const { told, notifications, writeBacks } = beside
  const household = await householdInShare(tx, patient, settings)
  const result = plan({
    ...input,
    ...(told && { told }),
    ...(household !== undefined && { household }),
    existing: notifications,
    cancelling: isCancelling(appointment, writeBacks),
    optedOut: await optedOut(tx, patient, settings, appointment),
  })
  for (const notification of result.save) await tx.notifications.save(notification)
  if (result.told) await tx.told.save(appointment.id, result.told)
}

/** The channels whose contact said STOP, or opted out. */
export async function optedOut(
  tx: Transaction,
  patient: Patient | undefined,
  settings: Settings,
  visit: Visit,
): Promise<ReadonlySet<ChannelKind>> {
  if (!patient) return new Set()
  const [email, sms] = (['email', 'sms'] as const).map((channel) => contactFor(patient, channel, settings, visit))
  return tx.optOuts.among(settings.clinic.id, {
    ...(email?.kind === 'found' && { email: email.value }),
    ...(sms?.kind === 'found' && { sms: sms.value }),
  })
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
  const beside = await besideOf(tx, appointment.id)
  await replan(tx, { appointment, ...(patient && { patient }), settings, changed: [], cause, cancelDebounce: atOnce, beside, now })
}
