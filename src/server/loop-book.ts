import { Temporal } from 'temporal-polyfill'
import type { Clock } from './clock.ts'

/** The latest step of one loop of this process. */
export interface LoopStep {
  readonly name: string
  readonly state: 'running' | 'done' | 'failed'
  readonly startedAt: Temporal.Instant
  /** Absent while it runs. */
  readonly tookMs?: number
  /** When it will look again, unless it is woken before; absent while it runs. */
  readonly nextAt?: Temporal.Instant
  /** Of the first of the failures in a row. */
  readonly failingSince?: Temporal.Instant
}

/** What each loop did last. In memory, for it is of this process and its clock. */
export interface LoopBook {
  begun(name: string): void
  ended(name: string, state: 'done' | 'failed', nextAt?: Temporal.Instant): void
  /** In the order of their names. */
  last(): readonly LoopStep[]
}

export function createLoopBook(clock: Clock): LoopBook {
  const steps = new Map<string, LoopStep>()
  return {
    begun(name) {
      const failingSince = steps.get(name)?.failingSince
      steps.set(name, { name, state: 'running', startedAt: clock.now(), ...(failingSince && { failingSince }) })
    },
    ended(name, state, nextAt) {
      const now = clock.now()
      const { startedAt = now, failingSince = startedAt } = steps.get(name) ?? {}
      const tookMs = Math.max(0, now.epochMilliseconds - startedAt.epochMilliseconds)
      steps.set(name, { name, state, startedAt, tookMs, ...(nextAt && { nextAt }), ...(state === 'failed' && { failingSince }) })
    },
    last: () => [...steps.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** The longest step that is allowed any time is a poll, ten minutes. */
const longestStep = { minutes: 15 }
/** A loop sleeps until its time, or is woken before. */
const longestSleep = { minutes: 10 }
/** A failing step is tried again each second. */
const longestFailing = { minutes: 2 }

/** Since when a loop does not get on; undefined: it does. */
export function stalledSince({ state, startedAt, nextAt, failingSince }: LoopStep, now: Temporal.Instant): Temporal.Instant | undefined {
  const isOver = (at: Temporal.Instant, allowed: Temporal.DurationLike) => Temporal.Instant.compare(at.add(allowed), now) < 0
  if (failingSince && isOver(failingSince, longestFailing)) return failingSince
  if (state === 'running') return isOver(startedAt, longestStep) ? startedAt : undefined
  return nextAt && isOver(nextAt, longestSleep) ? nextAt : undefined
}

/** Of a loop that is one connector's: `poll tilleuls`. */
export function connectorIn(name: string): string | undefined {
  return name.split(' ')[1]
}
