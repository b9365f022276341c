import type { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../../core/change.ts'
import type { EndOptions } from './end.ts'
import { readEnd } from './end.ts'
import type { Path } from './path.ts'
import { formatPath, valueAtPath } from './path.ts'
import type { Message } from './reader.ts'
import { findSegment, isDeleted, stringAt } from './reader.ts'
import type { Resources } from './resources.ts'
import type { Timestamp } from './timestamp.ts'
import { isPrecise, parseTimestamp, placeTimestamp } from './timestamp.ts'

/** Where a start may stand; `resources` is the earliest of AIS-4, AIG-8, AIL-6, AIP-6. */
export type TimeSource = 'TQ1' | 'SCH' | 'resources'

export interface TimingOptions extends EndOptions {
  /** Whose start counts, best first; the others still bear it out or contradict it (V2-TIM-4, V2-TIM-7). */
  readonly timeSources: readonly TimeSource[]
  /** A start at 00:00 is a day without an hour. */
  readonly midnightMeansUnknown: boolean
  /** Where this site keeps the start, in place of TQ1-7, SCH-11.4 and the resources. */
  readonly startField?: Path
}

export interface Timing {
  readonly time?: NonNullable<AppointmentChange['time']> | null
  /** How the start was read: `SCH-11.4 as America/Toronto`. */
  readonly reading?: string
  readonly warnings: readonly string[]
}

interface Start {
  readonly source: TimeSource | 'field'
  readonly at: Temporal.Instant
  readonly reading: string
  readonly warnings: readonly string[]
}

/**
 * When the appointment is (V2-TIM-4, V2-TIM-5): TQ1, else SCH-11, else the earliest resource, unless the site says otherwise.
 * Says nothing where the message says nothing, and `null` where what it says is no time (a day alone, `""`).
 */
export function readTiming(message: Message, resources: Resources, options: TimingOptions): Timing {
  const texts = writtenStarts(message, resources, options)
  const starts = texts.flatMap(({ source, place, text }) => readStart(source, place, text, options) ?? [])
  const chosen = choose(starts, resources.partial, options)
  if (!chosen) {
    const said = texts.length > 0 || isDeleted(findSegment(message, 'TQ1'), 7) || isDeleted(findSegment(message, 'SCH'), 11)
    return said && !resources.partial ? { time: null, warnings: ['W-TIME-UNKNOWN'] } : { warnings: [] }
  }
  const agreement = resources.partial ? 'agree' : compareStarts(chosen, starts, options.zone)
  const end = readEnd(message, resources, chosen.at, options)
  const shift = resources.list.some((resource) => resource.shifted) ? ['W-AI-SHIFT'] : []
  return {
    time: { start: chosen.at, ...(end.at && { end: end.at }), ...(agreement === 'conflict' && { conflict: true }) },
    reading: chosen.reading,
    warnings: [...chosen.warnings, ...shift, ...(agreement === 'agree' ? [] : ['W-TIME-CONFLICT']), ...end.warnings],
  }
}

interface Written {
  readonly source: TimeSource | 'field'
  readonly place: string
  readonly text: string
}

/** Every start the message writes, whatever it is worth. */
function writtenStarts(message: Message, resources: Resources, { startField }: TimingOptions): Written[] {
  const written: Written[] = []
  const add = (source: Written['source'], place: string, text: string | null | undefined): void => {
    if (typeof text === 'string') written.push({ source, place, text })
  }
  if (startField) add('field', formatPath(startField), valueAtPath(message, startField))
  else {
    add('TQ1', 'TQ1-7', stringAt(message, findSegment(message, 'TQ1'), 7))
    add('SCH', 'SCH-11.4', stringAt(message, findSegment(message, 'SCH'), 11, 4))
    for (const { startAt, start } of resources.list) add('resources', startAt, start)
  }
  return written
}

/** Undefined for what is not precise to the minute (V2-TIM-2). */
function readStart(source: Start['source'], place: string, text: string, options: TimingOptions): Start | undefined {
  const timestamp = parseTimestamp(text)
  if (!timestamp || !isPrecise(timestamp) || (options.midnightMeansUnknown && isMidnight(timestamp))) return undefined
  const { at, warnings } = placeTimestamp(timestamp, options.zone, options.offsetTrust)
  const byOffset = timestamp.offsetMinutes !== undefined && !(options.offsetTrust === 'wallclock' && warnings.length > 0)
  return { source, at, reading: `${place} ${byOffset ? 'by its own offset' : `as ${options.zone}`}`, warnings }
}

function isMidnight({ wallMs, micros }: Timestamp): boolean {
  return wallMs % 86_400_000 === 0 && micros === 0
}

/** One resource of many does not tell when the appointment is: S18 to S22 need TQ1 or SCH-11 for that. */
function choose(starts: readonly Start[], partial: boolean, { timeSources }: TimingOptions): Start | undefined {
  const field = starts.find(({ source }) => source === 'field')
  if (field) return field
  for (const wanted of timeSources) {
    if (partial && wanted === 'resources') continue
    const [first, ...others] = starts.filter(({ source }) => source === wanted)
    if (first) return others.reduce((best, next) => (best.at.epochMilliseconds <= next.at.epochMilliseconds ? best : next), first)
  }
  return undefined
}

/**
 * Do the other fields bear the start out? Resources judge first; where they say nothing, TQ1 and SCH-11 judge each other.
 * Another hour of the same day is a warning; another day is a conflict, and a person must look (decision 8: hold instead of guess).
 */
function compareStarts(chosen: Start, starts: readonly Start[], zone: string): 'agree' | 'differ' | 'conflict' {
  const own = starts.filter(({ source }) => source === 'resources')
  const others = starts.filter(({ source }) => source !== 'resources')
  const otherDiffers = others.some((start) => !isSame(start, chosen))
  if (own.some((start) => isSame(start, chosen))) return otherDiffers ? 'differ' : 'agree'
  const witnesses = own.length > 0 ? own : others.filter((start) => !isSame(start, chosen))
  if (witnesses.length === 0) return 'agree'
  const day = dayOf(chosen, zone)
  return witnesses.some((witness) => dayOf(witness, zone) === day) ? 'differ' : 'conflict'
}

/** Temporal's own `equals` takes its time. */
function isSame(a: Start, b: Start): boolean {
  return a.at.epochMilliseconds === b.at.epochMilliseconds
}

function dayOf(start: Start, zone: string): string {
  return start.at.toZonedDateTimeISO(zone).toPlainDate().toString()
}
