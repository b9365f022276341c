import { Temporal } from 'temporal-polyfill'

/** Both ends belong to it. */
export interface Range {
  readonly from: number
  readonly until: number
}

/** Which events of one subscription have come. */
export interface EventNumbers {
  /** The highest that the server has named. */
  readonly last: number
  /** Below it, and not come: in order, apart from each other. */
  readonly missing: readonly Range[]
  /** The newest time an event was of: tells a repeated one from a counter that began again. */
  readonly newestAt?: Temporal.Instant
}

export interface Noted {
  readonly numbers: EventNumbers
  /** The counter began again, or too much is missing to ask for: everything must be caught up. */
  readonly lost: boolean
}

/** More than this is caught up, not asked for event by event. */
const maxMissing = 1_000
const maxRanges = 50

/** Of an `event-notification`. Delivery is at least once and in no order (Backport IG, errors): only a number never named before leaves a gap. */
export function noteEvents(known: EventNumbers | undefined, events: readonly number[], at: Temporal.Instant | undefined): Noted {
  const [lowest = 0, ...others] = [...new Set(events)].sort((a, b) => a - b)
  const sorted = [lowest, ...others]
  if (!known) return bounded(sorted.reduce(withEvent, fresh(lowest)), at)
  const isKnown = (number: number) => number <= known.last && !known.missing.some((range) => isIn(number, range))
  const repeated = at && known.newestAt && Temporal.Instant.compare(at, known.newestAt) <= 0
  if (!repeated && sorted.some(isKnown)) return { numbers: stamped(sorted.reduce(withEvent, fresh(lowest)), at), lost: true }
  return bounded(sorted.reduce(withEvent, known), at)
}

/** Of a heartbeat or an answer to `$status`: so many there were. */
export function noteCounter(known: EventNumbers | undefined, counter: number, at: Temporal.Instant | undefined): Noted {
  if (!known) return { numbers: stamped(fresh(counter + 1), at), lost: false }
  if (counter >= known.last) {
    const missing = counter > known.last ? [...known.missing, { from: known.last + 1, until: counter }] : known.missing
    return bounded({ ...known, last: counter, missing }, undefined)
  }
  const isOld = at && known.newestAt && Temporal.Instant.compare(at, known.newestAt) <= 0
  return isOld ? { numbers: known, lost: false } : { numbers: stamped(fresh(counter + 1), at), lost: true }
}

/** Of a handshake: the subscription begins, perhaps again. */
export function noteHandshake(known: EventNumbers | undefined, counter: number, at: Temporal.Instant | undefined): Noted {
  return { numbers: stamped(fresh(counter + 1), at), lost: known !== undefined && known.last > counter }
}

/** What of the range is still missing. */
export function missingIn({ missing }: EventNumbers, { from, until }: Range): readonly Range[] {
  return missing.flatMap((range) => {
    const common = { from: Math.max(range.from, from), until: Math.min(range.until, until) }
    return common.from <= common.until ? [common] : []
  })
}

/** As if all of the range had come. */
export function withoutRange(numbers: EventNumbers, { from, until }: Range): EventNumbers {
  const missing = numbers.missing.flatMap((range) => [
    ...(range.from < from ? [{ from: range.from, until: Math.min(range.until, from - 1) }] : []),
    ...(range.until > until ? [{ from: Math.max(range.from, until + 1), until: range.until }] : []),
  ])
  return { ...numbers, missing }
}

/** Nothing before `next` is wanted. */
function fresh(next: number): EventNumbers {
  return { last: next - 1, missing: [] }
}

function withEvent(numbers: EventNumbers, number: number): EventNumbers {
  if (number <= numbers.last) return withoutRange(numbers, { from: number, until: number })
  const gap = number > numbers.last + 1 ? [{ from: numbers.last + 1, until: number - 1 }] : []
  return { ...numbers, last: number, missing: [...numbers.missing, ...gap] }
}

function isIn(number: number, { from, until }: Range): boolean {
  return from <= number && number <= until
}

function bounded(numbers: EventNumbers, at: Temporal.Instant | undefined): Noted {
  const count = numbers.missing.reduce((sum, { from, until }) => sum + until - from + 1, 0)
  const lost = count > maxMissing || numbers.missing.length > maxRanges
  return { numbers: stamped(lost ? { ...numbers, missing: [] } : numbers, at), lost }
}

function stamped(numbers: EventNumbers, at: Temporal.Instant | undefined): EventNumbers {
  const newer = at && (!numbers.newestAt || Temporal.Instant.compare(at, numbers.newestAt) > 0)
  return newer ? { ...numbers, newestAt: at } : numbers
}
