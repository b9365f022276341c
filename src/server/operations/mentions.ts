import type { ReadResult } from '../../connectors/connector.ts'
import type { Appointment } from '../../core/appointment.ts'
import type { PatientChange } from '../../core/change.ts'
import type { News } from '../../core/news.ts'
import type { Patient } from '../../core/patient.ts'

/** Whom an erasure looks for in what was received. */
export interface Sought {
  /** At their EHR: of every record of theirs, and of their appointments. */
  readonly patientIds: ReadonlySet<string>
  readonly appointmentIds: ReadonlySet<string>
  /** In lower case; the text holds all of one of these lists. */
  readonly words: readonly (readonly string[])[]
}

export function soughtFor(patients: readonly Patient[], patientEhrIds: readonly string[], appointments: readonly Appointment[]): Sought {
  return {
    patientIds: new Set(patientEhrIds),
    appointmentIds: new Set(appointments.map(({ ehrId }) => ehrId)),
    words: patients.flatMap(wordsOf),
  }
}

/** Both names, or a contact: a phone number by its last nine digits, since EHRs write it in their own way. */
function wordsOf({ familyName, givenName, contacts }: Patient): readonly (readonly string[])[] {
  const names = [familyName, givenName].flatMap((name) => (name !== undefined && name.trim().length > 1 ? [name.toLowerCase()] : []))
  const ways = contacts.flatMap(({ kind, value }) => {
    if (value === undefined) return []
    return [[kind === 'phone' ? value.replace(/\D/g, '').slice(-9) : value.toLowerCase()]]
  })
  return [...(names.length === 2 ? [names] : []), ...ways.filter(([word = '']) => word.length >= 6)]
}

/** Whether the connector's own reader finds the patient in it. */
export function speaksOf(result: ReadResult | undefined, { patientIds, appointmentIds }: Sought): boolean {
  if (result?.kind !== 'changes') return false
  const isOurs = (patient: PatientChange | undefined) => patient !== undefined && patientIds.has(patient.ehrId)
  return (
    result.changes.some(({ ehrId, patient }) => appointmentIds.has(ehrId) || isOurs(patient)) ||
    (result.news ?? []).some((news) => idsIn(news).some((id) => patientIds.has(id)))
  )
}

function idsIn(news: News): readonly string[] {
  switch (news.kind) {
    case 'patient':
      return [news.patient.ehrId]
    case 'merge':
      return [news.prior, news.survivor]
    case 'visit-moved':
      return [news.patient]
    case 'arrival':
      return news.patient === undefined ? [] : [news.patient]
    case 'block':
      return []
    default:
      return news satisfies never
  }
}

/** Whether the patient's name or contact stands in it, whatever it is: also in what nobody could read. */
export function names(body: Uint8Array, { words }: Sought): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return (['utf8', 'latin1'] as const).some((charset) => {
    const text = bytes.toString(charset).toLowerCase()
    const digits = text.replace(/[ ().\-\u00a0]/g, '')
    return words.some((list) => list.every((word) => (/^\d+$/.test(word) ? digits : text).includes(word)))
  })
}
