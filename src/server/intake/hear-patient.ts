import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { PatientChange } from '../../core/change.ts'
import type { Arrival } from '../../core/evolve.ts'
import { evolvePatient, inheritFrom } from '../../core/evolve-patient.ts'
import type { Patient, PatientId } from '../../core/patient.ts'
import { patientId } from '../../core/patient.ts'
import { recordsOf, relink } from '../../core/relink.ts'
import type { Stamp } from '../../core/stamp.ts'
import type { Transaction } from '../../store/store.ts'

/**
 * What the EHR says of a patient, kept. Of a record that was merged into another, that one is given back, with what only the merged
 * one has said.
 */
export async function hearPatient(tx: Transaction, change: PatientChange, stamp: Stamp, arrival: Arrival): Promise<Patient> {
  const id = patientId(arrival.connectorId, change.ehrId)
  const before = await tx.patients.find(id)
  const patient = evolvePatient(before, change, stamp, arrival)
  if (patient !== before) await tx.patients.save(patient)
  const survivorId = await tx.patients.survivorOf(id)
  return survivorId === id ? patient : inherit(tx, survivorId, patient, arrival)
}

/** The survivor of a merge, with what only the prior record has said. */
export async function inherit(tx: Transaction, survivorId: PatientId, prior: Patient, arrival: Arrival): Promise<Patient> {
  const before = await tx.patients.find(survivorId)
  const survivor = inheritFrom(before, prior, ehrIdOf(survivorId, arrival), arrival)
  if (survivor !== before) await tx.patients.save(survivor)
  return survivor
}

/** The appointment as the merges of its patients leave it. */
export async function afterMerges(tx: Transaction, appointment: Appointment, now: Temporal.Instant): Promise<Appointment> {
  const survivors = new Map<PatientId, PatientId>()
  for (const id of recordsOf(appointment)) survivors.set(id, await tx.patients.survivorOf(id))
  return relink(appointment, (id) => survivors.get(id) ?? id, now)
}

function ehrIdOf(id: PatientId, { connectorId }: Arrival): string {
  return id.slice(connectorId.length + 1)
}
