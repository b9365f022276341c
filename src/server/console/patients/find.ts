import type { Patient } from '../../../core/patient.ts'
import type { PatientPlace } from '../../../store/port/patients.ts'
import type { Transaction } from '../../../store/store.ts'
import { readDate } from '../appointments/browse.ts'
import { readPhones } from '../appointments/contacts.ts'

export interface Wanted {
  readonly clinicId: string
  readonly typed: string
  /** A number at the EHR is behind one of their names. */
  readonly connectors: readonly string[]
  readonly after?: PatientPlace
}

export interface FoundPatients {
  readonly patients: readonly Patient[]
  /** Where the next page begins; absent on the last. */
  readonly next?: PatientPlace
}

const perPage = 50

/** By whatever it may be that somebody typed: a number at the EHR, a phone, a birth date, else the beginning of a name. */
export async function findPatients(tx: Transaction, wanted: Wanted): Promise<FoundPatients> {
  const { clinicId, connectors, after } = wanted
  const typed = wanted.typed.trim().slice(0, 200)
  if (!/[\p{L}\p{N}]/u.test(typed)) return { patients: [] }
  if (!after) {
    const known = [
      ...(await byNumber(tx, clinicId, [typed, ...connectors.map((connector) => `${connector}:${typed}`)])),
      ...(await byPhone(tx, clinicId, typed)),
    ]
    if (known.length > 0) return { patients: [...new Map(known.map((patient) => [patient.id, patient])).values()] }
  }
  const birthDate = readDate(typed)
  const found = await tx.patients.search(clinicId, birthDate ? { birthDate } : { name: typed }, perPage + 1, after)
  const page = found.slice(0, perPage)
  const last = found.length > perPage ? page.at(-1) : undefined
  return { patients: page.map(({ patient }) => patient), ...(last && { next: { id: last.patient.id, term: last.term } }) }
}

async function byNumber(tx: Transaction, clinicId: string, ids: readonly string[]): Promise<readonly Patient[]> {
  const found: Patient[] = []
  for (const id of ids) {
    const patient = await tx.patients.find(id)
    if (patient?.clinicId === clinicId) found.push(patient)
  }
  return found
}

async function byPhone(tx: Transaction, clinicId: string, typed: string): Promise<readonly Patient[]> {
  const found: Patient[] = []
  for (const phone of readPhones(typed)) found.push(...(await tx.patients.sharing(clinicId, phone, perPage)))
  return found
}
