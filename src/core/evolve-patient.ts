import type { PatientChange } from './change.ts'
import type { Arrival } from './evolve.ts'
import type { Patient, PatientAspect } from './patient.ts'
import { patientId } from './patient.ts'
import type { Stamp } from './stamp.ts'
import { supersedes } from './stamp.ts'

const aspects: readonly PatientAspect[] = ['name', 'birthDate', 'language', 'contacts', 'deceased']

type Words = { -readonly [K in keyof Patient]: Patient[K] }

/** The patient after one more word of the EHR: absent keeps, `null` deletes, a list replaces; the newest word wins (V2-ENC-4). */
export function evolvePatient(before: Patient | undefined, change: PatientChange, stamp: Stamp, arrival: Arrival): Patient {
  const { connectorId, clinicId } = arrival
  const patient = before ?? {
    id: patientId(connectorId, change.ehrId),
    clinicId,
    connectorId,
    ehrId: change.ehrId,
    contacts: [],
    deceased: false,
    said: {},
  }
  const heard = aspects.filter((aspect) => change[aspect] !== undefined && supersedes(stamp, patient.said[aspect]))
  if (heard.length === 0) return patient
  const next: Words = {
    ...patient,
    said: { ...patient.said, ...Object.fromEntries(heard.map((aspect) => [aspect, stamp])) },
  }
  if (heard.includes('name')) {
    put(next, 'givenName', change.name?.given)
    put(next, 'familyName', change.name?.family)
  }
  for (const aspect of ['birthDate', 'language'] as const) {
    if (heard.includes(aspect)) put(next, aspect, change[aspect] || undefined)
  }
  if (heard.includes('contacts') && change.contacts) next.contacts = change.contacts
  if (heard.includes('deceased')) next.deceased = change.deceased ?? false
  return next
}

function put<K extends keyof Words>(next: Words, key: K, value: Words[K] | undefined): void {
  if (value !== undefined) next[key] = value
  else if (key in next) delete next[key]
}
