import { Temporal } from 'temporal-polyfill'
import type { Duration, DurationUnit } from './duration.ts'
import { isPlausible, readDuration } from './duration.ts'
import type { Path } from './path.ts'
import { valueAtPath } from './path.ts'
import type { Message } from './reader.ts'
import { findSegment, stringAt } from './reader.ts'
import type { Resource, Resources } from './resources.ts'
import type { OffsetTrust } from './timestamp.ts'
import { isPrecise, parseTimestamp, placeTimestamp } from './timestamp.ts'

export interface EndOptions {
  /** IANA zone of every wall clock. */
  readonly zone: string
  readonly offsetTrust: OffsetTrust
  readonly durationUnit: DurationUnit
  /** Where this site keeps the end, in place of TQ1-8 and SCH-11.5. */
  readonly endField?: Path
  /** Where this site keeps the length, in place of TQ1-6, SCH-9, SCH-11.3 and the resources. */
  readonly durationField?: Path
}

export interface End {
  readonly at?: Temporal.Instant
  readonly warnings: readonly string[]
}

const DAY_SECONDS = 86_400

/** The end as written, within a day after the start; else the start and a duration (V2-TIM-5). */
export function readEnd(message: Message, resources: Resources, start: Temporal.Instant, options: EndOptions): End {
  const explicit = writtenEnds(message, options)
    .flatMap((text) => placeText(text, options) ?? [])
    .find((at) => isWithinDay(secondsBetween(start, at)))
  const unit = { unit: options.durationUnit, known: explicit && secondsBetween(start, explicit) }
  const sch = findSegment(message, 'SCH')
  const schUnits = [stringAt(message, sch, 9, 2), stringAt(message, sch, 10), stringAt(message, sch, 10, 2)]
  const ofSch = readDuration(stringAt(message, sch, 9), schUnits, unit)
  if (explicit) {
    const contradicted = ofSch !== undefined && Math.abs(ofSch.seconds - secondsBetween(start, explicit)) >= 60
    return { at: explicit, warnings: contradicted ? ['W-DURATION-CONFLICT'] : [] }
  }
  const tq1 = findSegment(message, 'TQ1')
  const own = options.durationField && valueAtPath(message, options.durationField)
  const candidates = options.durationField
    ? [readDuration(own ?? undefined, schUnits, unit)]
    : [
        readDuration(stringAt(message, tq1, 6), [stringAt(message, tq1, 6, 2), stringAt(message, tq1, 6, 2, 2)], unit),
        ofSch,
        readDuration(stringAt(message, sch, 11, 3), [...schUnits, 'min'], unit),
        resources.partial ? undefined : longest(resources.list, start, options),
      ]
  return endOf(
    start,
    candidates.filter((duration) => duration !== undefined),
  )
}

function endOf(start: Temporal.Instant, candidates: readonly Duration[]): End {
  const duration = candidates.find(isPlausible)
  const warnings = candidates.every(isPlausible) ? [] : ['W-DURATION-RANGE']
  if (!duration) return { warnings }
  return {
    at: Temporal.Instant.fromEpochMilliseconds(start.epochMilliseconds + Math.round(duration.seconds) * 1000),
    warnings: duration.guessed ? [...warnings, 'W-UNIT-GUESSED'] : warnings,
  }
}

function writtenEnds(message: Message, { endField }: EndOptions): string[] {
  const texts = endField
    ? [valueAtPath(message, endField)]
    : [stringAt(message, findSegment(message, 'TQ1'), 8), stringAt(message, findSegment(message, 'SCH'), 11, 5)]
  return texts.filter((text) => typeof text === 'string')
}

/** From the start of the appointment to the end of the resource that is needed last (V2-TIM-6). */
function longest(list: readonly Resource[], start: Temporal.Instant, options: EndOptions): Duration | undefined {
  let most: Duration | undefined
  for (const resource of list) {
    const duration = readDuration(resource.duration, resource.durationUnits, { unit: options.durationUnit })
    if (!duration) continue
    const own = resource.start === undefined ? undefined : placeText(resource.start, options)
    const wait = own ? secondsBetween(start, own) : resource.offsetSeconds
    const seconds = duration.seconds + (isWithinDay(wait) ? wait : 0)
    if (most === undefined || seconds > most.seconds) most = { ...duration, seconds }
  }
  return most
}

function placeText(text: string, options: EndOptions): Temporal.Instant | undefined {
  const timestamp = parseTimestamp(text)
  return timestamp && isPrecise(timestamp) ? placeTimestamp(timestamp, options.zone, options.offsetTrust).at : undefined
}

function secondsBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return (to.epochMilliseconds - from.epochMilliseconds) / 1000
}

function isWithinDay(seconds: number): boolean {
  return seconds > 0 && seconds <= DAY_SECONDS
}
