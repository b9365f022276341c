import { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../appointment.ts'

/** The reason of everything that waits for a person to look at a feed's times. */
export const TIME_SHIFT = 'time_shift'

/** An EHR spoke again of an appointment whose start was known. */
export interface Sighting {
  readonly appointmentId: AppointmentId
  readonly at: Temporal.Instant
  readonly before: Temporal.Instant
  readonly after: Temporal.Instant
  readonly agendaKey?: string
  /** How the start is read now: `SCH-11.4 as America/Toronto`. */
  readonly reading?: string
}

/** A feed's starts have moved together, as when somebody changes a zone, an offset or a daylight saving rule. */
export interface TimeShift {
  /** +60, −60, +120 … */
  readonly minutes: number
  readonly moved: number
  /** Appointments looked at, those that stayed included. */
  readonly seen: number
  /** How the moved ones were read; empty where the connector does not say. */
  readonly readings: readonly string[]
}

/** What is looked at: the newest word of each appointment, of the last day, and of so many appointments at most. */
const within = Temporal.Duration.from({ hours: 24 })
const mostSeen = 40
/** The rulebook's: at least so many, and more than four in five. */
const leastSeen = 20
const share = 0.8
const [leastMinutes, mostMinutes] = [60, 120]

/** With one more sighting, the newest last. An appointment that is moved twice counts once, from where it stood first. */
export function sight(sightings: readonly Sighting[], next: Sighting): readonly Sighting[] {
  const since = next.at.subtract(within)
  const first = sightings.find(({ appointmentId }) => appointmentId === next.appointmentId)
  const others = sightings.filter(
    ({ appointmentId, at }) => appointmentId !== next.appointmentId && Temporal.Instant.compare(at, since) >= 0,
  )
  const before = first && Temporal.Instant.compare(first.at, since) >= 0 ? first.before : next.before
  return [...others, { ...next, before }].slice(-mostSeen)
}

/**
 * The time doctor (rules.md section 4): undefined while the starts are where they were, or move each its own way. One agenda that moves within one
 * day is somebody who comes late, not a clock.
 */
export function findShift(sightings: readonly Sighting[]): TimeShift | undefined {
  // the newest twenty may already tell what a longer, calmer past would still hide
  for (const seen of new Set([sightings.length, leastSeen])) {
    const shift = shiftOf(sightings.slice(-seen))
    if (shift) return shift
  }
  return undefined
}

function shiftOf(sightings: readonly Sighting[]): TimeShift | undefined {
  if (sightings.length < leastSeen) return undefined
  for (const minutes of new Set(sightings.map(minutesOf))) {
    const moved = sightings.filter((each) => minutesOf(each) === minutes)
    if (!mayBeClock(minutes) || moved.length <= sightings.length * share || isOnePersonsDay(moved)) continue
    const readings = [...new Set(moved.flatMap(({ reading }) => reading ?? []))]
    return { minutes, moved: moved.length, seen: sightings.length, readings }
  }
  return undefined
}

function minutesOf({ before, after }: Pick<Sighting, 'before' | 'after'>): number {
  return Math.round((after.epochMilliseconds - before.epochMilliseconds) / 60_000)
}

function mayBeClock(minutes: number): boolean {
  return Math.abs(minutes) >= leastMinutes && Math.abs(minutes) <= mostMinutes
}

function isOnePersonsDay(moved: readonly Sighting[]): boolean {
  const starts = moved.map(({ before }) => before.epochMilliseconds)
  const isOneDay = Math.max(...starts) - Math.min(...starts) < 16 * 3_600_000
  return isOneDay && new Set(moved.map(({ agendaKey }) => agendaKey ?? '')).size === 1
}
