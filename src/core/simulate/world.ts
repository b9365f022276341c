import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from '../appointment.ts'
import type { AgendaBlock } from '../news.ts'
import type { Notification } from '../notification.ts'
import type { Patient, PatientId } from '../patient.ts'
import { patientId } from '../patient.ts'
import { supersedes } from '../stamp.ts'
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
  /** Whoever has this phone number among their contacts or their guardians’, in the order of their ids. */
  sharing(phone: string): readonly Patient[]
  /** Whom a record names as a relative, then who names it, each in the order of their ids. */
  related(id: PatientId, limit: number): readonly Patient[]
  /** The courses a patient's appointments ever took. */
  coursesOf(id: PatientId): readonly Course[]
  /** Of those, what starts at or after `from`, soonest first. */
  ahead(id: PatientId, from: Temporal.Instant, limit: number): readonly Course[]
  ofVisit(connectorId: string, visit: string): readonly Course[]
  survivorOf(id: PatientId): PatientId
  mergeInto(prior: PatientId, survivor: PatientId): void
  close(block: AgendaBlock): void
  isClosed(agendaKey: string, at: Temporal.Instant): boolean
}

export function emptyWorld(): World {
  const courses = new Map<AppointmentId, Course>()
  const patients = new Map<PatientId, Patient>()
  const [byPhone, byKin, byPatient, byVisit] = [index<PatientId>(), index<PatientId>(), index<AppointmentId>(), index<AppointmentId>()]
  const survivors = new Map<PatientId, PatientId>()
  const blocks = new Map<string, Map<string, AgendaBlock>>()
  const patientsOf = (ids: Iterable<PatientId>) => [...ids].sort().flatMap((id) => patients.get(id) ?? [])
  const coursesOf = (ids: Iterable<AppointmentId>) => [...ids].flatMap((id) => courses.get(id) ?? [])

  const world: World = {
    courses,
    patient: (id) => (id === undefined ? undefined : patients.get(id)),
    follow(appointment, cancelDebounce) {
      const known = courses.get(appointment.id)
      const course = known ?? { appointment, told: undefined, cancelDebounce, notifications: new Map() }
      course.appointment = appointment
      if (!known) courses.set(appointment.id, course)
      if (appointment.patientId !== undefined) byPatient.put(appointment.patientId, appointment.id)
      if (appointment.visit !== undefined) byVisit.put(visitKey(appointment.connectorId, appointment.visit), appointment.id)
      return course
    },
    save(patient) {
      const before = patients.get(patient.id)
      for (const phone of phonesOf(before)) byPhone.take(phone, patient.id)
      for (const relative of kinOf(before)) byKin.take(relative, patient.id)
      for (const phone of phonesOf(patient)) byPhone.put(phone, patient.id)
      for (const relative of kinOf(patient)) byKin.put(relative, patient.id)
      patients.set(patient.id, patient)
    },
    sharing: (phone) => patientsOf(byPhone.of(phone)),
    related(id, limit) {
      const named = patientsOf(new Set(kinOf(patients.get(id)))).slice(0, limit)
      return [...new Set([...named, ...patientsOf(byKin.of(id)).slice(0, limit)])].slice(0, limit)
    },
    coursesOf: (id) => coursesOf(byPatient.of(id)).filter(({ appointment }) => appointment.patientId === id),
    ahead: (id, from, limit) =>
      world
        .coursesOf(id)
        .filter((course) => startOf(course) >= from.epochMilliseconds)
        .sort((a, b) => startOf(a) - startOf(b))
        .slice(0, limit),
    ofVisit: (connectorId, visit) =>
      coursesOf([...byVisit.of(visitKey(connectorId, visit))].sort()).filter(({ appointment }) => appointment.visit === visit),
    survivorOf: (id) => survivors.get(id) ?? id,
    mergeInto(prior, survivor) {
      survivors.set(prior, survivor)
      for (const [id, standing] of survivors) if (standing === prior) survivors.set(id, survivor)
    },
    close(block) {
      const ofAgenda = blocks.get(block.agendaKey) ?? new Map<string, AgendaBlock>()
      blocks.set(block.agendaKey, ofAgenda)
      const key = `${block.start.epochNanoseconds} ${block.end.epochNanoseconds}`
      if (supersedes(block.stamp, ofAgenda.get(key)?.stamp)) ofAgenda.set(key, block)
    },
    isClosed(agendaKey, at) {
      const ms = at.epochMilliseconds
      let last: AgendaBlock | undefined
      for (const block of blocks.get(agendaKey)?.values() ?? [])
        if (block.start.epochMilliseconds <= ms && ms < block.end.epochMilliseconds && supersedes(block.stamp, last?.stamp)) last = block
      return last?.closed ?? false
    },
  }
  return world
}

function startOf({ appointment }: Course): number {
  return appointment.start?.epochMilliseconds ?? Number.NEGATIVE_INFINITY
}

function visitKey(connectorId: string, visit: string): string {
  return `${connectorId}:${visit}`
}

/** Their own numbers and their guardians’: a household is found by them. */
export function phonesOf(patient: Patient | undefined): readonly string[] {
  if (!patient) return []
  const { contacts, relatives = [] } = patient
  const all = relatives.length === 0 ? contacts : [...contacts, ...relatives.flatMap((each) => (each.guardian ? each.contacts : []))]
  return all.flatMap(({ kind, value }) => (kind === 'phone' && value !== undefined ? value : []))
}

function kinOf(patient: Patient | undefined): readonly PatientId[] {
  return patient?.relatives?.flatMap(({ ehrId }) => (ehrId === undefined ? [] : patientId(patient.connectorId, ehrId))) ?? []
}

interface Index<Value> {
  put(key: string, value: Value): void
  take(key: string, value: Value): void
  of(key: string): Iterable<Value>
}

function index<Value>(): Index<Value> {
  const byKey = new Map<string, Set<Value>>()
  return {
    put(key, value) {
      const values = byKey.get(key)
      if (values) values.add(value)
      else byKey.set(key, new Set([value]))
    },
    take: (key, value) => void byKey.get(key)?.delete(value),
    of: (key) => byKey.get(key) ?? [],
  }
}
