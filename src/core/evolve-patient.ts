import type { PatientChange } from './change.ts'
import type { Arrival } from './evolve.ts'
import type { Patient, PatientAspect } from './patient.ts'
import { patientId } from './patient.ts'
import type { Stamp } from './stamp.ts'
import { supersedes } from './stamp.ts'

const aspects: readonly PatientAspect[] = ['name', 'birthDate', 'language', 'contacts', 'deceased', 'relatives', 'otherIds']

type Words = { -readonly [K in keyof Patient]: Patient[K] }

/** The patient after one more word of the EHR: absent keeps, `null` deletes, a list replaces; the newest word wins (V2-ENC-4). */
export function evolvePatient(before: Patient | undefined, change: PatientChange, stamp: Stamp, arrival: Arrival): Patient {
  const patient = before ?? newPatient(change.ehrId, arrival)
  const { inherited = [] } = patient
  const heard = aspects.filter(
    (aspect) => change[aspect] !== undefined && (inherited.includes(aspect) || supersedes(stamp, patient.said[aspect])),
  )
  if (heard.length === 0) return patient
  const next: Words = { ...patient, said: { ...patient.said, ...Object.fromEntries(heard.map((aspect) => [aspect, stamp])) } }
  const left = inherited.filter((aspect) => !heard.includes(aspect))
  put(next, 'inherited', left.length > 0 ? left : undefined)
  if (heard.includes('name')) {
    put(next, 'givenName', change.name?.given)
    put(next, 'familyName', change.name?.family)
  }
  for (const aspect of ['birthDate', 'language'] as const) {
    if (heard.includes(aspect)) put(next, aspect, change[aspect] || undefined)
  }
  if (heard.includes('contacts') && change.contacts) next.contacts = change.contacts
  if (heard.includes('deceased')) next.deceased = change.deceased ?? false
  if (heard.includes('relatives')) put(next, 'relatives', change.relatives)
  if (heard.includes('otherIds')) put(next, 'otherIds', change.otherIds)
  return next
}

/**
 * The survivor of a merge, with what only the prior record ever said: what the EHR said of the survivor itself stays, whenever that was.
 * Whatever was merged first, the same records leave the same person.
 */
export function inheritFrom(survivor: Patient | undefined, prior: Patient, ehrId: string, arrival: Arrival): Patient {
  const patient = survivor ?? newPatient(ehrId, arrival)
  const { inherited = [] } = patient
  const taken = aspects.filter((aspect) => {
    const stamp = prior.said[aspect]
    if (!stamp) return false
    const own = patient.said[aspect]
    return own === undefined || (inherited.includes(aspect) && supersedes(stamp, own))
  })
  if (taken.length === 0) return patient
  const next: Words = { ...patient, inherited: [...new Set([...inherited, ...taken])].sort() }
  next.said = { ...patient.said, ...Object.fromEntries(taken.map((aspect) => [aspect, prior.said[aspect]])) }
  for (const aspect of taken) for (const field of fieldsOf[aspect]) put(next, field, prior[field])
  return next
}

const fieldsOf = {
  name: ['givenName', 'familyName'],
  birthDate: ['birthDate'],
  language: ['language'],
  contacts: ['contacts'],
  deceased: ['deceased'],
  relatives: ['relatives'],
  otherIds: ['otherIds'],
} as const satisfies Record<PatientAspect, readonly (keyof Patient)[]>

function newPatient(ehrId: string, { connectorId, clinicId }: Arrival): Patient {
  return { id: patientId(connectorId, ehrId), clinicId, connectorId, ehrId, contacts: [], deceased: false, said: {} }
}

/** The EHR names one by an id of the other, or both by a third (V2-ID-4). */
export function isOnePerson(a: Patient, b: Patient): boolean {
  if (a.id === b.id) return true
  if (a.connectorId !== b.connectorId) return false
  const ids = new Set([a.ehrId, ...(a.otherIds ?? [])])
  return [b.ehrId, ...(b.otherIds ?? [])].some((id) => ids.has(id))
}

function put<K extends keyof Words>(next: Words, key: K, value: Words[K] | undefined): void {
  if (value !== undefined) next[key] = value
  else if (key in next) delete next[key]
}

/** Nothing is new of them but when it was said. */
export function isSameRecord(before: Patient, after: Patient): boolean {
  return JSON.stringify({ ...before, said: 0 }) === JSON.stringify({ ...after, said: 0 })
}
