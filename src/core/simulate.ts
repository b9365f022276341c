import { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from './change.ts'
import type { Envelope } from './envelope.ts'
import type { Arrival } from './evolve.ts'
import { evolve } from './evolve.ts'
import { evolvePatient } from './evolve-patient.ts'
import { causeOf } from './late.ts'
import { priceOf } from './metering.ts'
import { isPending } from './notification.ts'
import type { PatientId } from './patient.ts'
import { patientId } from './patient.ts'
import type { Settings } from './settings.ts'
import { noteBursts } from './simulate/bursts.ts'
import { localCalendar } from './simulate/calendar.ts'
import { dueQueue } from './simulate/due-queue.ts'
import { look } from './simulate/look.ts'
import type { Look, Run, TextOf } from './simulate/run.ts'
import { replan } from './simulate/run.ts'
import type { Recorded } from './simulate/surroundings.ts'
import { noteSurroundings } from './simulate/surroundings.ts'
import type { GroupSummary, OutcomeCount, Summary } from './simulate/tally.ts'
import { startTally } from './simulate/tally.ts'
import type { Course } from './simulate/world.ts'
import { emptyWorld } from './simulate/world.ts'

/** Where recorded traffic came from: what of a connector's configuration the rules need. */
export interface TrafficSource extends Omit<Arrival, 'now' | 'envelopeId'> {
  /** O8. */
  readonly cancelDebounce: Temporal.Duration
  /** V2-ORD-6. */
  readonly maxEventAge?: Temporal.Duration
}

/** One recorded word of an EHR, and when it came. */
export interface Heard {
  readonly at: Temporal.Instant
  readonly change: AppointmentChange
  readonly source: TrafficSource
  /** Of the envelope that said it. */
  readonly purpose?: Envelope['purpose']
}

export interface SimulationOptions {
  readonly textOf: TextOf
  /** Absent: nobody opted out, and nobody's consent is on record. */
  readonly recorded?: Recorded
}

export interface SimulationResult {
  readonly clinicId: string
  /** The first word; absent: nothing was heard. */
  readonly from?: Temporal.Instant
  readonly until: Temporal.Instant
  /** Words of the EHR. */
  readonly heard: number
  readonly total: Summary
  /** ISO 4217. */
  readonly currency: string
  readonly outcomes: readonly OutcomeCount[]
  readonly agendas: readonly GroupSummary[]
  readonly motifs: readonly GroupSummary[]
  readonly reached: ReadonlySet<PatientId>
  /** How often so many notices came at once that they waited for a person (R8). */
  readonly massHolds: number
}

/**
 * What one clinic's settings would have told of recorded traffic, by the functions that decide in the service, on a virtual clock:
 * no timer, no chance; time leaps from one word or due message to the next. Words that come out of order are heard at once.
 * Every provider takes every message, and no patient answers but by what the EHR then says. Ends with what falls due at `until`.
 */
export function simulate(
  traffic: Iterable<Heard>,
  settings: Settings,
  until: Temporal.Instant,
  options: SimulationOptions,
): SimulationResult {
  const run = startRun(settings, options)
  let from: Temporal.Instant | undefined
  let heard = 0
  for (const word of traffic) {
    if (word.source.clinicId !== settings.clinic.id || Temporal.Instant.compare(word.at, until) > 0) continue
    pass(run, word.at.epochMilliseconds)
    run.now = later(run.now, word.at)
    hear(run, word)
    from ??= word.at
    heard += 1
  }
  pass(run, until.epochMilliseconds + 1)
  for (const course of run.world.courses.values()) close(run, course)
  for (const appointment of run.called.values()) run.tally.toCall(appointment)
  return resultOf(run, heard, from, until)
}

function startRun(settings: Settings, { textOf, recorded }: SimulationOptions): Run {
  const bursts = noteBursts(settings)
  const dayAt = localCalendar()
  return {
    settings,
    recorded,
    textOf,
    bursts,
    dayAt,
    world: emptyWorld(),
    queue: dueQueue<Look>(),
    surroundings: noteSurroundings({ settings, bursts, recorded, dayAt }),
    tally: startTally(),
    called: new Map(),
    now: Temporal.Instant.fromEpochMilliseconds(0),
  }
}

/** One word of the EHR, as the service applies it. */
function hear(run: Run, { change, source, purpose }: Heard): void {
  const { world, tally, now } = run
  const arrival: Arrival = { ...source, now }
  const before = world.courses.get(`${source.connectorId}:${change.ehrId}`)
  const { appointment, changed, stale } = evolve(before?.appointment, change, arrival)
  if (change.patient) {
    const known = world.patient(patientId(source.connectorId, change.patient.ehrId))
    const patient = evolvePatient(known, change.patient, change.patient.stamp ?? change.stamp, arrival)
    if (patient !== known) world.save(patient)
  }
  if (stale) return
  const { maxEventAge } = source
  const cause = causeOf({ before: before?.appointment, told: before?.told, stamp: change.stamp, purpose, maxEventAge, now })
  const course = world.follow(appointment, source.cancelDebounce)
  if (!before) tally.heardOf(appointment)
  replan(run, course, { changed, cause, cancelDebounce: source.cancelDebounce })
  if (appointment.start && (!before || changed.includes('time'))) run.queue.push(appointment.start.epochMilliseconds, { course })
}

/** Lets time pass: looks at all that falls due before then. */
function pass(run: Run, beforeMs: number): void {
  for (let at = run.queue.soonest(); at !== undefined && at < beforeMs; at = run.queue.soonest()) {
    const next = run.queue.pop()
    if (!next) return
    const notification = next.notificationId === undefined ? undefined : next.course.notifications.get(next.notificationId)
    if (next.notificationId === undefined) begin(run, next.course, at)
    else if (notification && isPending(notification) && notification.dueAt.epochMilliseconds === at) {
      run.now = later(run.now, notification.dueAt)
      look(run, next.course, notification)
    }
  }
}

/** Once an appointment has begun, what was planned for it is counted and let go of: memory holds what is ahead. */
function begin(run: Run, course: Course, at: number): void {
  const { appointment, notifications } = course
  if (appointment.start?.epochMilliseconds !== at || [...notifications.values()].some(isPending)) return
  close(run, course)
  notifications.clear()
}

/** Counts what did not come to an end of its own: withdrawn, or still ahead when the run ends. */
function close({ tally }: Run, { appointment, notifications }: Course): void {
  for (const notification of notifications.values())
    if (isPending(notification) || notification.state === 'withdrawn') tally.count(notification, appointment)
}

function resultOf(run: Run, heard: number, from: Temporal.Instant | undefined, until: Temporal.Instant): SimulationResult {
  const { settings, tally, bursts } = run
  return {
    clinicId: settings.clinic.id,
    ...(from && { from }),
    until,
    heard,
    total: tally.total(),
    currency: priceOf(settings.smsPrices, '9999-12-31', 0).currency,
    outcomes: tally.outcomes(),
    agendas: tally.agendas(),
    motifs: tally.motifs(),
    reached: tally.reached(),
    massHolds: bursts.holds(),
  }
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b
}
