import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from '../appointment.ts'
import type { Notification } from '../notification.ts'
import type { Patient, PatientId } from '../patient.ts'
import type { Told } from '../told.ts'

/** One appointment on its way through the run: what it is, what its patient knows, what is planned. */
export interface Course {
  appointment: Appointment
  told: Told | undefined
  readonly cancelDebounce: Temporal.Duration
  /** By their ids; emptied once the appointment is past. */
  readonly notifications: Map<string, Notification>
}

/** What a store would hold, in memory: each appointment and each patient once. */
export interface World {
  readonly courses: ReadonlyMap<AppointmentId, Course>
  patient(id: PatientId | undefined): Patient | undefined
  /** A new course, or the one that is known. */
  follow(appointment: Appointment, cancelDebounce: Temporal.Duration): Course
  save(patient: Patient): void
  /** Whoever has this phone number among their contacts, in the order of their ids. */
  sharing(phone: string): readonly Patient[]
  /** The courses a patient's appointments ever took. */
  coursesOf(id: PatientId): readonly Course[]
}

export function emptyWorld(): World {
  const courses = new Map<AppointmentId, Course>()
  const patients = new Map<PatientId, Patient>()
  const byPhone = new Map<string, Set<PatientId>>()
  const byPatient = new Map<PatientId, Set<AppointmentId>>()

  return {
    courses,
    patient: (id) => (id === undefined ? undefined : patients.get(id)),
    follow(appointment, cancelDebounce) {
      const known = courses.get(appointment.id)
      const course = known ?? { appointment, told: undefined, cancelDebounce, notifications: new Map() }
      course.appointment = appointment
      if (!known) courses.set(appointment.id, course)
      if (appointment.patientId !== undefined) put(byPatient, appointment.patientId, appointment.id)
      return course
    },
    save(patient) {
      for (const phone of phonesOf(patients.get(patient.id))) byPhone.get(phone)?.delete(patient.id)
      for (const phone of phonesOf(patient)) put(byPhone, phone, patient.id)
      patients.set(patient.id, patient)
    },
    sharing: (phone) => [...(byPhone.get(phone) ?? [])].sort().flatMap((id) => patients.get(id) ?? []),
    coursesOf: (id) =>
      [...(byPatient.get(id) ?? [])].flatMap((each) => {
        const course = courses.get(each)
        return course?.appointment.patientId === id ? course : []
      }),
  }
}

function phonesOf(patient: Patient | undefined): readonly string[] {
  return patient?.contacts.flatMap(({ kind, value }) => (kind === 'phone' && value !== undefined ? value : [])) ?? []
}

function put<Key>(index: Map<Key, Set<string>>, key: Key, value: string): void {
  const values = index.get(key)
  if (values) values.add(value)
  else index.set(key, new Set([value]))
}
