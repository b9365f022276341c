import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Counter } from '../../core/feed/counter.ts'
import type { Habit } from '../../core/feed/habit.ts'
import type { Transaction } from '../../store/store.ts'

/** What is known of one feed beyond its messages; survives a restart. */
export interface Kept {
  readonly lastAt?: Temporal.Instant
  readonly habit?: Habit
  /** By sender. */
  readonly counters: ReadonlyMap<string, Counter>
}

/** A feed's starts moved together; while it is `held` nothing of that connector is sent but what is off. */
export interface ShiftHold {
  readonly state: 'held' | 'released'
  readonly since: Temporal.Instant
  readonly minutes: number
  readonly moved: number
  readonly seen: number
  readonly readings: readonly string[]
  readonly settledAt?: Temporal.Instant
  readonly settledBy?: string
}

const FEED = 'feed'
const SHIFT = 'time-shift'

const instant = z.string().transform((text) => Temporal.Instant.from(text))
const whole = z.number().int()

const keptSchema = z.object({
  lastAt: instant.exactOptional(),
  habit: z
    .object({ since: whole, hours: z.array(z.tuple([whole, whole])) })
    .transform(({ since, hours }): Habit => ({ since, hours: new Map(hours) }))
    .exactOptional(),
  counters: z
    .array(
      z.tuple([
        z.string(),
        z.object({
          last: whole,
          missing: whole,
          steps: whole,
          leaps: whole,
          gaps: z.array(z.tuple([whole, whole])),
          lastGapAt: instant.exactOptional(),
        }),
      ]),
    )
    .transform((rows): ReadonlyMap<string, Counter> => new Map(rows)),
})

const shiftSchema = z.object({
  state: z.enum(['held', 'released']),
  since: instant,
  minutes: whole,
  moved: whole,
  seen: whole,
  readings: z.array(z.string()),
  settledAt: instant.exactOptional(),
  settledBy: z.string().exactOptional(),
})

export async function findKept(tx: Transaction, connectorId: ConnectorId): Promise<Kept> {
  const text = await tx.marks.find(connectorId, FEED)
  return text === undefined ? { counters: new Map() } : keptSchema.parse(JSON.parse(text))
}

export async function saveKept(
  tx: Transaction,
  connectorId: ConnectorId,
  { habit, counters, ...kept }: Kept,
  at: Temporal.Instant,
): Promise<void> {
  const plain = { ...kept, ...(habit && { habit: { since: habit.since, hours: [...habit.hours] } }), counters: [...counters] }
  await tx.marks.save(connectorId, FEED, JSON.stringify(plain), at)
}

export async function findShiftHold(tx: Transaction, connectorId: ConnectorId): Promise<ShiftHold | undefined> {
  const text = await tx.marks.find(connectorId, SHIFT)
  return text === undefined ? undefined : shiftSchema.parse(JSON.parse(text))
}

export async function saveShiftHold(tx: Transaction, connectorId: ConnectorId, hold: ShiftHold, at: Temporal.Instant): Promise<void> {
  await tx.marks.save(connectorId, SHIFT, JSON.stringify(hold), at)
}
