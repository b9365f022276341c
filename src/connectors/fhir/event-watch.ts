import { Temporal } from 'temporal-polyfill'
import {
  type EventNumbers,
  missingIn,
  type Noted,
  noteCounter,
  noteEvents,
  noteHandshake,
  type Range,
  withoutRange,
} from './event-numbers.ts'
import { isObject, type Json, objectsOf, parseJson } from './json.ts'
import { limit } from './limit.ts'
import type { TopicStatus } from './topic.ts'
import type { Marks } from './watch-options.ts'

export interface Note {
  /** Missing, and not told before. */
  readonly gaps: readonly Range[]
  readonly lost: boolean
}

/** What is known of each subscription's events, kept over a restart. Ids are of Subscriptions. */
export interface EventWatch {
  note(id: string, status: TopicStatus, receivedAt: Temporal.Instant): Promise<Note>
  missing(id: string, range: Range): Promise<readonly Range[]>
  /** Nobody need ask for them any more. */
  settle(id: string, range: Range): Promise<void>
  /** When the EHR last said anything by it. */
  seenAt(id: string): Promise<Temporal.Instant | undefined>
}

export interface EventWatchOptions {
  readonly marks: Marks
  /** `none`: the server counts in a way of its own (athenahealth: within each Bundle). */
  readonly eventNumbers: 'subscription' | 'none'
}

interface Known {
  readonly seenAt?: Temporal.Instant
  readonly numbers?: EventNumbers
}

const nothing: Note = { gaps: [], lost: false }

export function eventWatch({ marks, eventNumbers }: EventWatchOptions): EventWatch {
  const known = new Map<string, Known>()
  const told = new Set<string>()
  const inTurn = limit(1)
  const never = new AbortController().signal

  async function find(id: string): Promise<Known> {
    const found = known.get(id) ?? decode(await marks.find(nameOf(id)))
    known.set(id, found)
    return found
  }

  async function save(id: string, next: Known): Promise<void> {
    await marks.save(nameOf(id), encode(next))
    known.set(id, next)
  }

  async function note(id: string, status: TopicStatus, receivedAt: Temporal.Instant): Promise<Note> {
    const before = await find(id)
    const noted = eventNumbers === 'none' ? undefined : numbered(before.numbers, status)
    const seenAt = latest(before.seenAt, receivedAt)
    await save(id, { ...before, seenAt, ...(noted && { numbers: noted.numbers }) })
    if (!noted) return nothing
    const gaps = noted.numbers.missing.filter(({ from, until }) => !told.has(`${id} ${from} ${until}`))
    for (const { from, until } of gaps) told.add(`${id} ${from} ${until}`)
    return { gaps, lost: noted.lost }
  }

  return {
    note: (id, status, receivedAt) => inTurn(() => note(id, status, receivedAt), never),
    missing: (id, range) =>
      inTurn(async () => {
        const { numbers } = await find(id)
        return numbers ? missingIn(numbers, range) : []
      }, never),
    settle: (id, range) =>
      inTurn(async () => {
        const { numbers, ...rest } = await find(id)
        told.delete(`${id} ${range.from} ${range.until}`)
        if (numbers) await save(id, { ...rest, numbers: withoutRange(numbers, range) })
      }, never),
    seenAt: (id) => inTurn(async () => (await find(id)).seenAt, never),
  }
}

function numbered(known: EventNumbers | undefined, { type, counter, events, at }: TopicStatus): Noted | undefined {
  if (type === 'handshake') return noteHandshake(known, counter ?? 0, at)
  const numbers = events.flatMap(({ number }) => number ?? [])
  if (numbers.length > 0) return noteEvents(known, numbers, at)
  return counter === undefined ? undefined : noteCounter(known, counter, at)
}

function latest(a: Temporal.Instant | undefined, b: Temporal.Instant): Temporal.Instant {
  return a && Temporal.Instant.compare(a, b) > 0 ? a : b
}

function nameOf(id: string): string {
  return `events:${id}`
}

function encode({ seenAt, numbers }: Known): string {
  return JSON.stringify({ seenAt, last: numbers?.last, missing: numbers?.missing, newestAt: numbers?.newestAt })
}

/** What cannot be read is as if it had never been kept: the next notification begins anew. */
function decode(text: string | undefined): Known {
  const parsed = text === undefined ? undefined : parseJson(new TextEncoder().encode(text))
  if (parsed?.kind !== 'parsed' || !isObject(parsed.value)) return {}
  const { seenAt, last, missing, newestAt } = parsed.value
  const seen = instantOf(seenAt)
  const newest = instantOf(newestAt)
  const ranges = objectsOf(missing).flatMap(({ from, until }) =>
    typeof from === 'number' && typeof until === 'number' ? [{ from, until }] : [],
  )
  const numbers = typeof last === 'number' ? { last, missing: ranges, ...(newest && { newestAt: newest }) } : undefined
  return { ...(seen && { seenAt: seen }), ...(numbers && { numbers }) }
}

function instantOf(value: Json | undefined): Temporal.Instant | undefined {
  return typeof value === 'string' ? Temporal.Instant.from(value) : undefined
}
