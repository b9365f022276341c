import type { Appointment } from '../appointment.ts'
import { appointmentId, isCancelled } from '../appointment.ts'
import type { AppointmentChange, PatientChange } from '../change.ts'
import type { Envelope } from '../envelope.ts'
import type { Arrival } from '../evolve.ts'
import { evolve } from '../evolve.ts'
import { evolvePatient, inheritFrom, isOnePerson } from '../evolve-patient.ts'
import { causeOf } from '../late.ts'
import type { Patient, PatientId } from '../patient.ts'
import { patientId } from '../patient.ts'
import type { PlanInput } from '../plan.ts'
import type { Known } from '../rebooking.ts'
import { mayBeMove, movedFrom, movedTo, rebook } from '../rebooking.ts'
import { relink } from '../relink.ts'
import type { Stamp } from '../stamp.ts'
import type { Run, TrafficSource } from './run.ts'
import { atOnce, keep, replan } from './run.ts'
import type { Course, World } from './world.ts'

/** One word about an appointment, and the source it came from. */
export interface Word {
  readonly change: AppointmentChange
  readonly source: TrafficSource
  /** Of the envelope that said it. */
  readonly purpose?: Envelope['purpose']
}

/** One word of the EHR, as the service applies it. */
export function hear(run: Run, { change, source, purpose }: Word): void {
  const { world, tally, now } = run
  const arrival: Arrival = { ...source, now }
  const named = change.patient && hearPatient(world, change.patient, change.patient.stamp ?? change.stamp, arrival)
  const resolved = named ? { ...change, patient: { ...change.patient, ehrId: named.ehrId } } : change
  const known = world.courses.get(appointmentId(source.connectorId, change.ehrId))
  const before = known && relink(known.appointment, world.survivorOf, now)
  const { appointment, changed, stale } = evolve(before, resolved, { ...arrival, onePerson: isSamePatient(world, before, named) })
  if (stale && appointment.rivals?.length === before?.rivals?.length) return
  const { cancelDebounce, maxEventAge } = source
  const cause = causeOf({ before, told: known?.told, stamp: change.stamp, purpose, maxEventAge, now })
  const course = world.follow(appointment, cancelDebounce)
  if (!before) tally.heardOf(appointment)
  const paired = cause === 'ehr' ? pair(run, course, before, source) : { mayBeMove: false }
  replan(run, course, { changed, cause, cancelDebounce, mayBeMove: paired.mayBeMove })
  if (paired.successor) replan(run, paired.successor, ours('ehr'))
  if (appointment.start && (!before || changed.includes('time'))) run.queue.push(appointment.start.epochMilliseconds, { course })
}

/** Planned again because of something else than a word about the appointment. */
export function ours(cause: PlanInput['cause']): Parameters<typeof replan>[2] {
  return { changed: [], cause, cancelDebounce: atOnce }
}

/** What the EHR says of a patient, kept; of a merged record, the survivor is given back. */
export function hearPatient(world: World, change: PatientChange, stamp: Stamp, arrival: Arrival): Patient {
  const id = patientId(arrival.connectorId, change.ehrId)
  const before = world.patient(id)
  const patient = evolvePatient(before, change, stamp, arrival)
  if (patient !== before) world.save(patient)
  const survivor = world.survivorOf(id)
  return survivor === id ? patient : inherit(world, survivor, patient, arrival)
}

export function inherit(world: World, id: PatientId, prior: Patient, arrival: Arrival): Patient {
  const before = world.patient(id)
  const survivor = inheritFrom(before, prior, id.slice(arrival.connectorId.length + 1), arrival)
  if (survivor !== before) world.save(survivor)
  return survivor
}

function isSamePatient(world: World, before: Appointment | undefined, named: Patient | undefined): boolean {
  if (before?.patientId === undefined || !named || named.id === before.patientId) return true
  const known = world.patient(before.patientId)
  return known !== undefined && isOnePerson(known, named)
}

/** A patient's appointments ahead that are looked at. */
const most = 12

interface Paired {
  readonly mayBeMove: boolean
  readonly successor?: Course
}

/** V2-ORD-4, as the service pairs them. */
function pair(run: Run, course: Course, before: Appointment | undefined, { cancelDebounce: within }: TrafficSource): Paired {
  const { appointment } = course
  if (appointment.patientId === undefined || (within.blank && appointment.replaces === undefined && !before)) return { mayBeMove: false }
  if (!before) {
    const others = othersOf(run, appointment)
    const old = movedFrom(appointment, others.map(knownOf), within)
    if (!old) return { mayBeMove: mayBeMove(appointment, others.map(knownOf), within) }
    settle(run, course, run.world.courses.get(old.appointment.id))
    return { mayBeMove: false }
  }
  if (isCancelled(before) || !isCancelled(appointment)) return { mayBeMove: false }
  const fresh = movedTo(knownOf(course), othersOf(run, appointment).map(knownOf), within, run.now)
  const successor = fresh && run.world.courses.get(fresh.appointment.id)
  if (!successor) return { mayBeMove: false }
  settle(run, successor, course)
  return { mayBeMove: false, successor }
}

function othersOf({ world, now }: Run, { id, patientId: of, replaces, connectorId }: Appointment): readonly Course[] {
  const ahead = of === undefined ? [] : world.ahead(of, now, most)
  const named = replaces === undefined ? undefined : world.courses.get(appointmentId(connectorId, replaces))
  return [...new Set([...ahead, ...(named ? [named] : [])])].filter(({ appointment }) => appointment.id !== id)
}

function knownOf({ appointment, told, notifications }: Course): Known {
  return { appointment, ...(told && { told }), notifications: [...notifications.values()] }
}

function settle(run: Run, fresh: Course, old: Course | undefined): void {
  const rebooking = old && rebook(fresh.appointment, knownOf(old), run.now)
  if (!rebooking) return
  fresh.appointment = rebooking.fresh
  fresh.told = rebooking.toldOfFresh
  old.appointment = rebooking.old
  old.told = rebooking.toldOfOld
  for (const notification of rebooking.withdrawn) keep(run, old, notification)
}
