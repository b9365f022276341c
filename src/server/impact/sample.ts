import type { Appointment, AppointmentId } from '../../core/appointment.ts'
import type { ContactPoint, Patient, PatientId } from '../../core/patient.ts'
import type { Heard } from '../../core/simulate.ts'
import type { TimeSpan } from '../../store/port/appointments.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { wordOf } from './word-of.ts'

/** Appointments of a clinic with their patients, as a simulation hears them. */
export interface Sample {
  /** In the order of time. */
  readonly words: readonly Heard[]
  readonly contacts: ReadonlyMap<string, ContactPoint['kind']>
}

/** Read at once: neighbours in time, as a day of a diary is. */
const together = 50

/** All of them where they are no more than `size`; else so many, from places evenly spread over the time. */
export async function takeSample(store: Store, clinicId: string, span: TimeSpan, total: number, size: number): Promise<Sample> {
  const appointments = new Map<AppointmentId, Appointment>()
  const patients = new Map<PatientId, Patient>()
  for (const skip of placesOf(total, size)) await store.read((tx) => readSlice(tx, clinicId, span, skip, { appointments, patients }))
  const words = [...appointments.values()]
    .map((appointment) => wordOf(appointment, patients.get(appointment.patientId ?? '')))
    .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds)
  return { words, contacts: contactsOf(patients.values()) }
}

/** Where slices begin, by rank: each part of the time has its share. */
export function placesOf(total: number, size: number): readonly number[] {
  const slices = Math.ceil(Math.min(total, size) / together)
  const apart = total <= size ? together : total / slices
  return Array.from({ length: slices }, (_, index) => Math.floor(index * apart))
}

async function readSlice(
  tx: Transaction,
  clinicId: string,
  span: TimeSpan,
  skip: number,
  into: { readonly appointments: Map<AppointmentId, Appointment>; readonly patients: Map<PatientId, Patient> },
): Promise<void> {
  for (const appointment of await tx.appointments.slice(clinicId, span, skip, together)) {
    into.appointments.set(appointment.id, appointment)
    const { patientId } = appointment
    const patient = patientId === undefined || into.patients.has(patientId) ? undefined : await tx.patients.find(patientId)
    if (patient) into.patients.set(patient.id, patient)
  }
}

function contactsOf(patients: Iterable<Patient>): ReadonlyMap<string, ContactPoint['kind']> {
  const contacts = new Map<string, ContactPoint['kind']>()
  for (const patient of patients)
    for (const { kind, value } of [...patient.contacts, ...(patient.relatives ?? []).flatMap((each) => each.contacts)])
      if (value !== undefined) contacts.set(value, kind)
  return contacts
}
