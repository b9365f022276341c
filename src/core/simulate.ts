import { Temporal } from 'temporal-polyfill'
import { priceOf } from './metering.ts'
import type { News } from './news.ts'
import { isPending } from './notification.ts'
import type { PatientId } from './patient.ts'
import type { Settings } from './settings.ts'
import { noteBursts } from './simulate/bursts.ts'
import { localCalendar } from './simulate/calendar.ts'
import { dueQueue } from './simulate/due-queue.ts'
import type { Word } from './simulate/hear.ts'
import { hear } from './simulate/hear.ts'
import { hearNews } from './simulate/hear-news.ts'
import { look } from './simulate/look.ts'
import type { Recorded } from './simulate/recorded.ts'
import { refusals } from './simulate/recorded.ts'
import type { Look, Run, TextOf, TrafficSource } from './simulate/run.ts'
import { noteSurroundings } from './simulate/surroundings.ts'
import type { GroupSummary, OutcomeCount, Summary } from './simulate/tally.ts'
import { startTally } from './simulate/tally.ts'
import type { Course } from './simulate/world.ts'
import { emptyWorld } from './simulate/world.ts'

/** One recorded word of an EHR, and when it came. */
export interface Heard extends Word {
  readonly at: Temporal.Instant
}

/** What an EHR said beside appointments, and when. */
export interface HeardBeside {
  readonly at: Temporal.Instant
  readonly news: News
  readonly source: TrafficSource
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
  traffic: Iterable<Heard | HeardBeside>,
  settings: Settings,
  until: Temporal.Instant,
  options: SimulationOptions,
): SimulationResult {
  const steps = simulateInSteps(traffic, settings, until, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same, and after each word and each due message whoever drives it may pause, or leave it at that. */
export function* simulateInSteps(
  traffic: Iterable<Heard | HeardBeside>,
  settings: Settings,
  until: Temporal.Instant,
  options: SimulationOptions,
): Generator<void, SimulationResult, void> {
  const run = startRun(settings, options)
  let from: Temporal.Instant | undefined
  let heard = 0
  for (const word of traffic) {
    yield
    if (word.source.clinicId !== settings.clinic.id || Temporal.Instant.compare(word.at, until) > 0) continue
    yield* pass(run, word.at.epochMilliseconds)
    run.now = later(run.now, word.at)
    if ('news' in word) hearNews(run, word.news, word.source)
    else hear(run, word)
    from ??= word.at
    heard += 1
  }
  yield* pass(run, until.epochMilliseconds + 1)
  for (const course of run.world.courses.values()) close(run, course)
  for (const appointment of run.called.values()) run.tally.toCall(appointment)
  return resultOf(run, heard, from, until)
}

function startRun(settings: Settings, { textOf, recorded }: SimulationOptions): Run {
  const bursts = noteBursts(settings)
  const dayAt = localCalendar()
  const [world, refused] = [emptyWorld(), refusals(recorded)]
  return {
    settings,
    recorded: refused,
    textOf,
    bursts,
    dayAt,
    world,
    queue: dueQueue<Look>(),
    surroundings: noteSurroundings({ settings, bursts, recorded: refused, world, dayAt }),
    tally: startTally(),
    called: new Map(),
    now: Temporal.Instant.fromEpochMilliseconds(0),
  }
}

/** Lets time pass: looks at all that falls due before then. */
function* pass(run: Run, beforeMs: number): Generator<void, void, void> {
  for (let at = run.queue.soonest(); at !== undefined && at < beforeMs; at = run.queue.soonest()) {
    yield
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
