import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import { appointmentId, mayArrive } from '../appointment.ts'
import type { Arrival } from '../evolve.ts'
import { evolvePresence } from '../evolve.ts'
import { isSameRecord } from '../evolve-patient.ts'
import { localDay } from '../household.ts'
import type { News } from '../news.ts'
import type { ChannelKind, Patient, PatientId } from '../patient.ts'
import { contactFor, patientId } from '../patient.ts'
import { assign, handOver, relink } from '../relink.ts'
import { hearPatient, inherit, ours } from './hear.ts'
import type { Run, TrafficSource } from './run.ts'
import { keep, replan } from './run.ts'
import type { Course } from './world.ts'

const most = 500
const mostOfVisit = 20

/** What the EHR says beside appointments, as the service acts on it. */
export function hearNews(run: Run, news: News, source: TrafficSource): void {
  const { world, now } = run
  const arrival: Arrival = { ...source, now }
  switch (news.kind) {
    case 'patient': {
      const before = world.patient(world.survivorOf(patientId(source.connectorId, news.patient.ehrId)))
      const after = hearPatient(world, news.patient, news.patient.stamp ?? news.stamp, arrival)
      if (before && isSameRecord(before, after)) return
      for (const course of world.ahead(after.id, now, most)) replan(run, course, ours('settings'))
      return
    }
    case 'merge':
      merge(run, news, arrival)
      return
    case 'visit-moved': {
      const owner = world.survivorOf(patientId(source.connectorId, news.patient))
      for (const course of ofVisit(run, news.visit, arrival)) {
        const next = assign(course.appointment, owner, news.stamp, now)
        if (next !== course.appointment) moveTo(run, course, next)
      }
      return
    }
    case 'arrival':
      for (const course of meant(run, news, arrival)) notePresence(run, course, news)
      return
    case 'block':
      for (const agendaKey of news.agendas) world.close({ ...news, clinicId: source.clinicId, agendaKey })
      return
    default:
      news satisfies never
  }
}

function merge(run: Run, names: { readonly prior: string; readonly survivor: string }, arrival: Arrival): void {
  const { world, now } = run
  const prior = patientId(arrival.connectorId, names.prior)
  const survivor = world.survivorOf(patientId(arrival.connectorId, names.survivor))
  const standing = world.survivorOf(prior)
  if (names.prior === names.survivor || (standing !== prior && standing === survivor)) return
  if (standing !== prior || survivor === prior) {
    holdAhead(run, standing)
    return
  }
  world.mergeInto(prior, survivor)
  const old = world.patient(prior)
  if (old) takeOver(run, old, inherit(world, survivor, old, arrival), arrival)
  const [theirs, own] = [world.ahead(prior, now, most), world.ahead(survivor, now, most)]
  for (const course of theirs) moveTo(run, course, relink(course.appointment, world.survivorOf, now))
  for (const course of own) {
    world.follow(relink(course.appointment, world.survivorOf, now), course.cancelDebounce)
    replan(run, course, ours('settings'))
  }
}

function moveTo(run: Run, course: Course, appointment: Appointment): void {
  run.world.follow(appointment, course.cancelDebounce)
  const to = appointment.patientId
  if (to !== undefined) for (const each of handOver([...course.notifications.values()], to, run.now)) keep(run, course, each)
  replan(run, course, ours('settings'))
}

function holdAhead(run: Run, patient: PatientId): void {
  for (const course of run.world.ahead(patient, run.now, most)) {
    const { appointment } = course
    if (appointment.holds.includes('H-MERGE-AMBIGUOUS')) continue
    course.appointment = { ...appointment, holds: [...appointment.holds, 'H-MERGE-AMBIGUOUS'] }
    replan(run, course, ours('settings'))
  }
}

const channels: readonly ChannelKind[] = ['email', 'sms']

function takeOver(run: Run, prior: Patient, survivor: Patient, { zone }: Arrival): void {
  const { settings, recorded, now } = run
  for (const channel of channels) {
    const [from, to] = [prior, survivor].map((patient) => contactFor(patient, channel, settings, { firstSeenAt: now, zone }))
    if (from?.kind === 'found' && to?.kind === 'found') recorded.carryOver(channel, from.value, to.value)
  }
  const { patients } = settings
  if (patients[prior.id]?.notify === false && patients[survivor.id]?.notify !== false)
    run.settings = { ...settings, patients: { ...patients, [survivor.id]: { notify: false } } }
}

function ofVisit({ world }: Run, visit: string, { connectorId }: Arrival): readonly Course[] {
  const found = world.ofVisit(connectorId, visit).slice(0, mostOfVisit)
  const same = world.courses.get(appointmentId(connectorId, visit))
  return found.length === 0 && same ? [same] : found
}

function meant(run: Run, { visit, patient, day, stamp }: Extract<News, { kind: 'arrival' }>, arrival: Arrival): readonly Course[] {
  const { connectorId, zone } = arrival
  const found = visit === undefined ? [] : ofVisit(run, visit, arrival)
  if (found.length === 1) return found
  if (found.length > 1) return found.filter(({ appointment }) => localDay(appointment.start, zone) === localDay(stamp.at, zone))
  if (patient === undefined || day === undefined) return []
  const midnight = Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant()
  const ahead = run.world.ahead(run.world.survivorOf(patientId(connectorId, patient)), midnight, mostOfVisit)
  const ofDay = ahead.filter(({ appointment }) => localDay(appointment.start, zone) === day && mayArrive(appointment))
  return ofDay.length === 1 ? ofDay : []
}

function notePresence(run: Run, course: Course, { here, stamp }: Extract<News, { kind: 'arrival' }>): void {
  const { status } = course.appointment
  course.appointment = evolvePresence(course.appointment, here, stamp, run.now)
  if (course.appointment.status !== status) replan(run, course, ours('ehr'))
}
