import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { Arrival } from '../../core/evolve.ts'
import type { ChannelKind, Patient, PatientId } from '../../core/patient.ts'
import { contactFor, patientId } from '../../core/patient.ts'
import { joinPreferences } from '../../core/preferences.ts'
import { handOver } from '../../core/relink.ts'
import type { Settings } from '../../core/settings.ts'
import { passedOn } from '../../core/write-back.ts'
import type { Transaction } from '../../store/store.ts'
import { replanAppointment, settingsOf } from './apply.ts'
import { afterMerges, inherit } from './hear-patient.ts'

export type Merged = 'merged' | 'unchanged' | 'ambiguous'

/** Of one patient ahead: daily for a year, and some. */
const most = 500

/**
 * One person had two records (interop §1.9, Merge): what is ahead goes to the survivor, each message once, and nobody is told of it. What was
 * refused under either record stays refused. The alias stays, so that a late word of the old id is the survivor's. Nothing of the
 * standard undoes a merge: the audit says what was moved. A circle of merges moves nothing, and holds what is ahead for a person.
 */
export async function mergePatients(
  tx: Transaction,
  names: { readonly prior: string; readonly survivor: string },
  arrival: Arrival,
): Promise<Merged> {
  const { connectorId, now } = arrival
  const prior = patientId(connectorId, names.prior)
  const survivor = await tx.patients.survivorOf(patientId(connectorId, names.survivor))
  if (names.prior === names.survivor) return 'unchanged'
  const standing = await tx.patients.survivorOf(prior)
  if (standing !== prior && standing === survivor) return 'unchanged'
  if (standing !== prior || survivor === prior) {
    await holdAhead(tx, standing, arrival)
    return 'ambiguous'
  }
  await tx.patients.mergeInto(prior, survivor, now)
  const old = await tx.patients.find(prior)
  if (old) await takeOver(tx, old, await inherit(tx, survivor, old, arrival), arrival)
  const moved = await relinkAhead(tx, prior, survivor, now)
  await tx.audit.append({
    at: now,
    actor: `connector:${connectorId}`,
    action: 'patient.merged',
    subject: survivor,
    detail: { prior, appointments: moved },
  })
  return 'merged'
}

/** What is ahead of both: the prior's is the survivor's, and what the survivor takes over counts for their own too. */
async function relinkAhead(tx: Transaction, prior: PatientId, survivor: PatientId, now: Temporal.Instant): Promise<number> {
  const theirs = await tx.appointments.ofPatient(prior, now, most)
  const own = await tx.appointments.ofPatient(survivor, now, most)
  for (const appointment of theirs) await moveTo(tx, await afterMerges(tx, appointment, now), prior, now)
  for (const appointment of own) {
    const next = await afterMerges(tx, appointment, now)
    if (next !== appointment) await tx.appointments.save(next)
    await replanAppointment(tx, next, now, 'settings')
  }
  return theirs.length
}

/** Saves an appointment that is somebody else's now: what was to go to them goes to the new one, and no notice comes of it. */
export async function moveTo(tx: Transaction, appointment: Appointment, from: PatientId | undefined, now: Temporal.Instant): Promise<void> {
  const { id, connectorId, patientId: to } = appointment
  await tx.appointments.save(appointment)
  if (to !== undefined) {
    for (const each of handOver(await tx.notifications.ofAppointment(id), to, now)) await tx.notifications.save(each)
    for (const writeBack of await tx.writeBacks.ofAppointment(id))
      if (writeBack.state === 'queued')
        await tx.writeBacks.save({ ...passedOn(writeBack, appointment, from), patientEhrId: to.slice(connectorId.length + 1) })
  }
  await tx.audit.append({
    at: now,
    actor: `connector:${connectorId}`,
    action: 'appointment.relinked',
    subject: id,
    detail: { from: from ?? '', to: to ?? '', revision: appointment.revision },
  })
  await replanAppointment(tx, appointment, now, 'settings')
}

async function holdAhead(tx: Transaction, patient: PatientId, { connectorId, now }: Arrival): Promise<void> {
  for (const appointment of await tx.appointments.ofPatient(patient, now, most)) {
    if (appointment.holds.includes('H-MERGE-AMBIGUOUS')) continue
    const { holds, revision } = appointment
    const held = { ...appointment, holds: [...holds, 'H-MERGE-AMBIGUOUS' as const], revision: revision + 1, changedAt: now }
    await tx.appointments.save(held)
    await replanAppointment(tx, held, now, 'settings')
  }
  await tx.audit.append({ at: now, actor: `connector:${connectorId}`, action: 'patient.merge-ambiguous', subject: patient })
}

const channels: readonly ChannelKind[] = ['email', 'sms']

/** The stricter of both: a STOP, a withdrawn consent and a switch that is off hold for the person, whichever record they were given under. */
async function takeOver(tx: Transaction, prior: Patient, survivor: Patient, { clinicId, zone, now }: Arrival): Promise<void> {
  const settings = await settingsOf(tx, clinicId)
  for (const channel of channels) {
    const [from, to] = [prior, survivor].map((patient) => contactFor(patient, channel, settings, { firstSeenAt: now, zone }))
    if (from?.kind !== 'found' || to?.kind !== 'found') continue
    if (await tx.optOuts.has(clinicId, channel, from.value)) await tx.optOuts.add(clinicId, channel, to.value, now)
    const consent = await tx.consents.find(clinicId, channel, from.value)
    if (consent?.state === 'withdrawn') await tx.consents.save(clinicId, channel, to.value, consent)
  }
  if (prior.preferences) await tx.preferences.save(survivor.id, joinPreferences(survivor.preferences, prior.preferences))
  if (settings.patients[prior.id]?.notify === false && settings.patients[survivor.id]?.notify !== false)
    await switchOff(tx, settings, survivor.id, now)
}

async function switchOff(tx: Transaction, settings: Settings, id: PatientId, now: Temporal.Instant): Promise<void> {
  const version = settings.version + 1
  await tx.settings.save({ ...settings, version, patients: { ...settings.patients, [id]: { notify: false } } }, now, 'merge')
  await tx.audit.append({
    at: now,
    actor: 'merge',
    action: 'settings.changed',
    subject: settings.clinic.id,
    detail: { version, changes: 1 },
  })
}
