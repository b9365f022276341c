import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../../core/appointment.ts'
import type { Patient } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import { NO_MOTIF } from '../../../core/settings.ts'
import { type Attendance, attendanceOf } from '../../../core/statistics.ts'
import type { PatientPlace } from '../../../store/port/patients.ts'
import type { Transaction } from '../../../store/store.ts'
import { readPhones } from './contacts.ts'

/** What appointments may be narrowed to. */
export type Browsed = Attendance | 'held'

export interface Row {
  readonly appointment: Appointment
  readonly patient?: Patient
}

export interface Listed {
  readonly rows: readonly Row[]
  /** Where the next page begins; absent on the last. */
  readonly next?: Place
}

/** The last appointment that was looked at, whether it was shown or not. */
export interface Place {
  readonly start: Temporal.Instant
  readonly id: string
}

export interface Wanted {
  readonly from: Temporal.Instant
  readonly after?: Place
  readonly agendaKey?: string
  readonly motifKey?: string
  readonly state?: Browsed
}

export const perPage = 50
/** A page looks at no more than that, and ends sooner where few of them are wanted. */
const looked = 1_000
const slice = 200
/** Nobody books further ahead. */
const horizon = { hours: 24 * 366 * 3 }

/** Appointments from an instant on, soonest first, narrowed as wanted. */
export async function browse(tx: Transaction, clinicId: string, wanted: Wanted): Promise<Listed> {
  const { from, agendaKey } = wanted
  const rows: Row[] = []
  let after = wanted.after
  for (let seen = 0; seen < looked; ) {
    const found = await tx.appointments.starting(clinicId, {
      from,
      until: from.add(horizon),
      limit: isNarrowed(wanted) ? slice : perPage + 1,
      ...(agendaKey !== undefined && { agendaKey }),
      ...(after && { after }),
    })
    for (const appointment of found) {
      if (rows.length === perPage) return after ? { rows, next: after } : { rows }
      if (isWanted(appointment, wanted)) rows.push(await rowOf(tx, appointment))
      if (appointment.start) after = { start: appointment.start, id: appointment.id }
    }
    seen += found.length
    if (found.length < (isNarrowed(wanted) ? slice : perPage + 1)) return { rows }
  }
  return after ? { rows, next: after } : { rows }
}

function isNarrowed({ motifKey, state }: Wanted): boolean {
  return motifKey !== undefined || state !== undefined
}

function isWanted(appointment: Appointment, { motifKey, state }: Wanted): boolean {
  if (motifKey !== undefined && (appointment.motif?.key ?? NO_MOTIF) !== motifKey) return false
  if (state === 'held') return appointment.holds.length > 0
  return state === undefined || attendanceOf(appointment) === state
}

async function rowOf(tx: Transaction, appointment: Appointment): Promise<Row> {
  const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
  return { appointment, ...(patient && { patient }) }
}

export interface Searched {
  readonly typed: string
  /** The connectors of the clinic: a number at the EHR is behind one of their names. */
  readonly connectors: readonly string[]
  /** Of each patient, from then on. */
  readonly from: Temporal.Instant
  readonly after?: PatientPlace
}

export interface Found {
  readonly rows: readonly Row[]
  /** The last patient that was found by name; absent: there are no more. */
  readonly next?: PatientPlace
}

const patientsPerPage = 20
const perPatient = 10

/** By whatever it may be that somebody typed: a number of an appointment, a phone, a birth date, else a name. */
export async function search(tx: Transaction, { clinic }: Settings, searched: Searched): Promise<Found> {
  const typed = searched.typed.trim().slice(0, 200)
  const named = await byNumber(tx, clinic.id, typed, searched.connectors)
  if (named.length > 0) return { rows: named }
  const phones = readPhones(typed)
  const sharing = (await Promise.all(phones.map((phone) => tx.patients.sharing(clinic.id, phone, patientsPerPage)))).flat()
  const unique = [...new Map(sharing.map((patient) => [patient.id, patient])).values()]
  if (unique.length > 0) return { rows: await ofPatients(tx, unique, searched.from) }
  const birthDate = readDate(typed)
  if (!birthDate && typed === '') return { rows: [] }
  const found = await tx.patients.search(clinic.id, birthDate ? { birthDate } : { name: typed }, patientsPerPage + 1, searched.after)
  const page = found.slice(0, patientsPerPage)
  const last = found.length > patientsPerPage ? page.at(-1) : undefined
  return {
    rows: await ofPatients(
      tx,
      page.map(({ patient }) => patient),
      searched.from,
    ),
    ...(last && { next: { id: last.patient.id, term: last.term } }),
  }
}

async function byNumber(tx: Transaction, clinicId: string, typed: string, connectors: readonly string[]): Promise<readonly Row[]> {
  const ids = [typed, ...connectors.map((connector) => `${connector}:${typed}`)]
  const found = await Promise.all(ids.map((id) => tx.appointments.find(id)))
  const own = found.flatMap((appointment) => (appointment?.clinicId === clinicId ? [appointment] : []))
  return Promise.all(own.map((appointment) => rowOf(tx, appointment)))
}

async function ofPatients(tx: Transaction, patients: readonly Patient[], from: Temporal.Instant): Promise<readonly Row[]> {
  const rows = []
  for (const patient of patients)
    for (const appointment of await tx.appointments.ofPatient(patient.id, from, perPatient)) rows.push({ appointment, patient })
  return rows
}

/** `1961-05-04`, `04/05/1961`, `4.5.1961`: the day first, as it is said here. */
export function readDate(typed: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(typed)) return typed
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed) ?? []
  return day && month && year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : undefined
}
