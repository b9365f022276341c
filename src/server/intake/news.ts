import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { appointmentId, mayArrive } from '../../core/appointment.ts'
import type { Arrival } from '../../core/evolve.ts'
import { evolvePresence } from '../../core/evolve.ts'
import { isSameRecord } from '../../core/evolve-patient.ts'
import { localDay } from '../../core/household.ts'
import type { News } from '../../core/news.ts'
import { patientId } from '../../core/patient.ts'
import { assign } from '../../core/relink.ts'
import type { Transaction } from '../../store/store.ts'
import { replanAppointment } from './apply.ts'
import { hearPatient } from './hear-patient.ts'
import { mergePatients, moveTo } from './merge.ts'

/** What came of one piece of news, by a code: those that changed nothing because nothing of ours is concerned begin with `no_`. */
export type NewsOutcome =
  | 'heard'
  | 'merged'
  | 'unchanged'
  | 'ambiguous'
  | 'moved'
  | 'here'
  | 'gone'
  | 'noted'
  | 'no_appointment'
  | 'no_visit'

/** Acts on what the EHR says beside appointments, in the caller's transaction; the audit names ids only. */
export async function applyNews(tx: Transaction, news: News, arrival: Arrival): Promise<NewsOutcome> {
  switch (news.kind) {
    case 'patient':
      return changePatient(tx, news, arrival)
    case 'merge':
      return mergePatients(tx, news, arrival)
    case 'visit-moved':
      return moveVisit(tx, news, arrival)
    case 'arrival':
      return notePresence(tx, news, arrival)
    case 'block':
      return closeDiaries(tx, news, arrival)
    default:
      return news satisfies never
  }
}

type Of<K extends News['kind']> = Extract<News, { kind: K }>

/** Of one patient ahead: daily for a year, and some. */
const most = 500

/** Contacts, language and death change what the gates say of what is ahead; no notice comes of it. */
async function changePatient(tx: Transaction, { patient, stamp }: Of<'patient'>, arrival: Arrival): Promise<NewsOutcome> {
  const { connectorId, now } = arrival
  const id = await tx.patients.survivorOf(patientId(connectorId, patient.ehrId))
  const before = await tx.patients.find(id)
  const after = await hearPatient(tx, patient, patient.stamp ?? stamp, arrival)
  if (before && isSameRecord(before, after)) return 'unchanged'
  for (const appointment of await tx.appointments.ofPatient(id, now, most)) await replanAppointment(tx, appointment, now, 'settings')
  await tx.audit.append({ at: now, actor: `connector:${connectorId}`, action: 'patient.changed', subject: id })
  return 'heard'
}

/** A visit's appointments; more than that is no visit. */
const mostOfVisit = 20

async function ofVisit(tx: Transaction, visit: string, { connectorId }: Arrival): Promise<readonly Appointment[]> {
  const found = await tx.appointments.ofVisit(connectorId, visit, mostOfVisit)
  if (found.length > 0) return found
  // many EHRs number an appointment by its visit (PV1-19 = SCH-2)
  const same = await tx.appointments.find(appointmentId(connectorId, visit))
  return same ? [same] : []
}

async function moveVisit(tx: Transaction, { visit, patient, stamp }: Of<'visit-moved'>, arrival: Arrival): Promise<NewsOutcome> {
  const { connectorId, now } = arrival
  const owner = await tx.patients.survivorOf(patientId(connectorId, patient))
  const found = await ofVisit(tx, visit, arrival)
  if (found.length === 0) return 'no_visit'
  let moved = 0
  for (const appointment of found) {
    const next = assign(appointment, owner, stamp, now)
    if (next === appointment) continue
    await moveTo(tx, next, appointment.patientId, now)
    moved += 1
  }
  return moved > 0 ? 'moved' : 'unchanged'
}

async function notePresence(tx: Transaction, news: Of<'arrival'>, arrival: Arrival): Promise<NewsOutcome> {
  const { connectorId, now } = arrival
  const found = await meant(tx, news, arrival)
  if (found.length === 0) return 'no_appointment'
  let changed = 0
  for (const appointment of found) {
    const next = evolvePresence(appointment, news.here, news.stamp, now)
    if (next === appointment) continue
    await tx.appointments.save(next)
    if (next.status === appointment.status) continue
    changed += 1
    await replanAppointment(tx, next, now)
    await tx.audit.append({
      at: now,
      actor: `connector:${connectorId}`,
      action: 'appointment.changed',
      subject: next.id,
      detail: { aspects: 'status', revision: next.revision },
    })
  }
  if (changed === 0) return 'unchanged'
  return news.here ? 'here' : 'gone'
}

/** By the visit number, of several those of that day; else, where `day` allows it, the patient's one appointment of the day. */
async function meant(tx: Transaction, news: Of<'arrival'>, arrival: Arrival): Promise<readonly Appointment[]> {
  const { visit, patient, day, stamp } = news
  const { connectorId, zone } = arrival
  const found = visit === undefined ? [] : await ofVisit(tx, visit, arrival)
  if (found.length === 1) return found
  if (found.length > 1) return found.filter(({ start }) => localDay(start, zone) === localDay(stamp.at, zone))
  if (patient === undefined || day === undefined) return []
  const midnight = Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant()
  const id = await tx.patients.survivorOf(patientId(connectorId, patient))
  const ahead = await tx.appointments.ofPatient(id, midnight, mostOfVisit)
  const ofDay = ahead.filter((each) => localDay(each.start, zone) === day && mayArrive(each))
  return ofDay.length === 1 ? ofDay : []
}

/** D12: what is called off in it is of one absence, however little. */
async function closeDiaries(tx: Transaction, news: Of<'block'>, { clinicId, connectorId, now }: Arrival): Promise<NewsOutcome> {
  const { agendas, start, end, closed, stamp } = news
  for (const agendaKey of agendas) await tx.blocks.save({ clinicId, agendaKey, start, end, closed, stamp })
  await tx.audit.append({
    at: now,
    actor: `connector:${connectorId}`,
    action: closed ? 'agenda.closed' : 'agenda.opened',
    subject: clinicId,
    detail: { agendas: agendas.length, start: start.toString(), end: end.toString() },
  })
  return 'noted'
}
