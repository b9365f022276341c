import type { Temporal } from 'temporal-polyfill'
import type { Fault } from '../../core/envelope.ts'
import type { News } from '../../core/news.ts'
import type { Stamp } from '../../core/stamp.ts'
import { readMerges, readMovedVisits } from './merge.ts'
import type { Path } from './path.ts'
import { valueAtPath } from './path.ts'
import type { PatientOptions } from './patient.ts'
import { readPatient } from './patient.ts'
import { readIdentity } from './patient-id.ts'
import type { Message } from './reader.ts'
import { findSegment, stringAt } from './reader.ts'
import { readStamp } from './stamp.ts'
import { isPrecise, parseTimestamp, placeTimestamp } from './timestamp.ts'

/** How an arrival finds its appointment: by its visit number; or, without one, as the patient's only one of that day; or never. */
export type LinkVisit = 'visit' | 'patient-day' | 'none'

export interface AdtProfile extends PatientOptions {
  /** IANA zone of every wall clock. */
  readonly zone: string
  /** Events that say that the patient is here. */
  readonly arrivalEvents: readonly string[]
  readonly linkVisit: LinkVisit
  readonly visit: readonly Path[]
}

export type AdtReading =
  | { readonly kind: 'news'; readonly news: readonly News[] }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly fault: Fault }

/** What an event says of the record in its PID (HL7 v2.9.1 ch. 3.3). */
const recordEvents = ['A01', 'A04', 'A05', 'A08', 'A10', 'A28', 'A31']
/** A24 links two records and A37 parts them again: neither says that they are one person's. */
const mergeEvents = ['A18', 'A30', 'A34', 'A35', 'A36', 'A39', 'A40', 'A46', 'A47']
const notHereEvents = ['A11', 'A32']

/** An ADT message as what is new of records, visits and arrivals. */
export function readAdt(message: Message, event: string, receivedAt: Temporal.Instant, profile: AdtProfile): AdtReading {
  const merges = mergeEvents.includes(event)
  const here = profile.arrivalEvents.includes(event)
  const notHere = notHereEvents.includes(event)
  if (!merges && !here && !notHere && event !== 'A45' && !recordEvents.includes(event)) return { kind: 'ignored', reason: 'no-news' }
  const { stamp } = readStamp(message, receivedAt, profile.zone)
  if (merges) return readMerges(message, stamp, profile.idTypes)
  if (event === 'A45') return readMovedVisits(message, stamp, profile)
  const pid = findSegment(message, 'PID')
  if (!pid) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'PID', text: 'no PID segment' } }
  const patient = readIdentity(message, pid, profile.idTypes)?.ehrId
  if (patient === undefined) {
    return { kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'PID-3', text: 'no patient id in PID-2, PID-3 or PID-4' } }
  }
  const record = recordEvents.includes(event) ? readPatient(message, receivedAt, profile).patient : undefined
  const arrival = here || notHere ? readArrival(message, here, patient, stamp, profile) : undefined
  const news: readonly News[] = [...(record ? [{ kind: 'patient', patient: record, stamp } as const] : []), ...(arrival ? [arrival] : [])]
  return news.length > 0 ? { kind: 'news', news } : { kind: 'ignored', reason: 'no-visit' }
}

/** Undefined where nothing says of which appointment. */
function readArrival(message: Message, here: boolean, patient: string, stamp: Stamp, profile: AdtProfile): News | undefined {
  if (profile.linkVisit === 'none') return undefined
  const visit = profile.visit.map((path) => valueAtPath(message, path)).find((text) => typeof text === 'string')
  const day = profile.linkVisit === 'patient-day' ? readDay(message, stamp, profile.zone) : undefined
  if (visit === undefined && day === undefined) return undefined
  return { kind: 'arrival', here, ...(visit !== undefined && { visit }), patient, ...(day !== undefined && { day }), stamp }
}

/** When it happened (EVN-6), else when it was recorded (EVN-2), else sent: as a day of the site. */
function readDay(message: Message, stamp: Stamp, zone: string): string {
  const evn = findSegment(message, 'EVN')
  const at =
    [stringAt(message, evn, 6), stringAt(message, evn, 2)]
      .map((text) => (text === undefined ? undefined : parseTimestamp(text)))
      .filter((timestamp) => timestamp !== undefined)
      .filter(isPrecise)
      .map((timestamp) => placeTimestamp(timestamp, zone).at)[0] ?? stamp.at
  return at.toZonedDateTimeISO(zone).toPlainDate().toString()
}
