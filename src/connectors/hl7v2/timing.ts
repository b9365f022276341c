import { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../../core/change.ts'
import type { DurationUnit } from './duration.ts'
import { isPlausible, readDuration } from './duration.ts'
import type { Message } from './reader.ts'
import { findSegment, isDeleted, stringAt } from './reader.ts'
import type { Resource } from './resources.ts'
import type { OffsetTrust, Placed } from './timestamp.ts'
import { isPrecise, parseTimestamp, placeTimestamp } from './timestamp.ts'

export interface TimingOptions {
  /** IANA zone of every wall clock. */
  readonly zone: string
  readonly offsetTrust: OffsetTrust
  readonly durationUnit: DurationUnit
}

export interface Timing {
  readonly time?: NonNullable<AppointmentChange['time']> | null
  readonly warnings: readonly string[]
}

const DAY_SECONDS = 86_400

/** A start or end that is precise to the minute; undefined for anything less. */
function place(text: string | undefined, options: TimingOptions): Placed | undefined {
  const timestamp = text === undefined ? undefined : parseTimestamp(text)
  return timestamp && isPrecise(timestamp) ? placeTimestamp(timestamp, options.zone, options.offsetTrust) : undefined
}

/**
 * When the appointment is (V2-TIM-4, V2-TIM-5): TQ1, else SCH-11, else the earliest resource.
 * Says nothing where the message says nothing, and `null` where what it says is no time (a day alone, `""`).
 */
export function readTiming(message: Message, resources: readonly Resource[], options: TimingOptions): Timing {
  const sch = findSegment(message, 'SCH')
  const tq1 = findSegment(message, 'TQ1')
  const present = resources.filter((resource) => resource.action !== 'D' && resource.start !== undefined)
  const own = present.flatMap((resource) => place(resource.start, options) ?? [])
  const shift = present.some((resource) => resource.shifted) ? ['W-AI-SHIFT'] : []
  const written = [stringAt(message, tq1, 7), stringAt(message, sch, 11, 4)]
  const [fromTq1, fromSch] = written.map((text) => place(text, options))
  const earliest = own.reduce<Placed | undefined>(
    (first, next) => (first && first.at.epochMilliseconds <= next.at.epochMilliseconds ? first : next),
    undefined,
  )
  const start = fromTq1 ?? fromSch ?? earliest
  if (!start) {
    const said = written.some((text) => text !== undefined) || present.length > 0 || isDeleted(tq1, 7) || isDeleted(sch, 11)
    return said ? { time: null, warnings: ['W-TIME-UNKNOWN'] } : { warnings: [] }
  }
  const agreement = compareStarts(start.at, own, fromTq1 && fromSch ? fromSch.at : undefined, options.zone)
  const end = readEnd(message, resources, start.at, options)
  return {
    time: { start: start.at, ...(end.at && { end: end.at }), ...(agreement === 'conflict' && { conflict: true }) },
    warnings: [...start.warnings, ...shift, ...(agreement === 'agree' ? [] : ['W-TIME-CONFLICT']), ...end.warnings],
  }
}

/**
 * Do the other fields bear the start out? Resources judge first; where they say nothing, TQ1 and SCH-11 judge each other.
 * Another hour of the same day is a warning; another day is a conflict, and a person must look (decision 8: hold instead of guess).
 */
function compareStarts(
  start: Temporal.Instant,
  own: readonly Placed[],
  other: Temporal.Instant | undefined,
  zone: string,
): 'agree' | 'differ' | 'conflict' {
  const otherDiffers = other !== undefined && !isSame(other, start)
  if (own.some((placed) => isSame(placed.at, start))) return otherDiffers ? 'differ' : 'agree'
  const witnesses = own.length > 0 ? own.map((placed) => placed.at) : otherDiffers ? [other] : []
  if (witnesses.length === 0) return 'agree'
  const day = start.toZonedDateTimeISO(zone).toPlainDate()
  return witnesses.some((witness) => witness.toZonedDateTimeISO(zone).toPlainDate().equals(day)) ? 'differ' : 'conflict'
}

/** The end as written, within a day after the start; else the start and a duration. */
function readEnd(
  message: Message,
  resources: readonly Resource[],
  start: Temporal.Instant,
  options: TimingOptions,
): { readonly at?: Temporal.Instant; readonly warnings: readonly string[] } {
  const sch = findSegment(message, 'SCH')
  const tq1 = findSegment(message, 'TQ1')
  const written = [stringAt(message, tq1, 8), stringAt(message, sch, 11, 5)]
  const explicit = written.map((text) => place(text, options)?.at).find((at) => at !== undefined && isWithinDay(secondsBetween(start, at)))
  const known = explicit && secondsBetween(start, explicit)
  const unit = { unit: options.durationUnit, known }
  const schUnits = [stringAt(message, sch, 9, 2), stringAt(message, sch, 10), stringAt(message, sch, 10, 2)]
  const ofSch = readDuration(stringAt(message, sch, 9), schUnits, unit)
  if (explicit) {
    const contradicted = ofSch !== undefined && Math.abs(ofSch.seconds - secondsBetween(start, explicit)) >= 60
    return { at: explicit, warnings: contradicted ? ['W-DURATION-CONFLICT'] : [] }
  }
  const ofResources = resources
    .filter((resource) => resource.action !== 'D')
    .flatMap((resource) => readDuration(resource.duration, resource.durationUnits, unit) ?? [])
    .sort((a, b) => b.seconds - a.seconds)
  const candidates = [
    readDuration(stringAt(message, tq1, 6), [stringAt(message, tq1, 6, 2), stringAt(message, tq1, 6, 2, 2)], unit),
    ofSch,
    readDuration(stringAt(message, sch, 11, 3), [...schUnits, 'min'], unit),
    ofResources[0],
  ].filter((duration) => duration !== undefined)
  const duration = candidates.find(isPlausible)
  const warnings = candidates.every(isPlausible) ? [] : ['W-DURATION-RANGE']
  if (!duration) return { warnings }
  return {
    at: Temporal.Instant.fromEpochMilliseconds(start.epochMilliseconds + Math.round(duration.seconds) * 1000),
    warnings: duration.guessed ? [...warnings, 'W-UNIT-GUESSED'] : warnings,
  }
}

/** Temporal's own `equals` takes its time. */
function isSame(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return a.epochMilliseconds === b.epochMilliseconds
}

function secondsBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return (to.epochMilliseconds - from.epochMilliseconds) / 1000
}

function isWithinDay(seconds: number): boolean {
  return seconds > 0 && seconds <= DAY_SECONDS
}
