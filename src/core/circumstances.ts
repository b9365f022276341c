import { TIME_SHIFT } from './feed/time-shift.ts'
import type { Notification } from './notification.ts'

/**
 * What a decision looks at beyond the appointment itself: what else was sent, to whom, at what cost, in what burst.
 * Every absent one is nothing of note, so that a plan made long before needs none of them.
 */
export interface Circumstances {
  /** What a person recorded for this contact (gate 7). */
  readonly consent?: 'given' | 'withdrawn'
  /** Whoever has this number said that it is not the patient's (gate 8). */
  readonly wrongNumber?: boolean
  /** The cancellation or move is one of many of its agenda (D12). */
  readonly absence?: boolean
  /** Capped messages this contact had today. */
  readonly sentToday?: number
  /** This kind left for this appointment on this channel today. */
  readonly kindSentToday?: boolean
  /** The month's SMS budget is used up (O21). */
  readonly budgetSpent?: boolean
  /** The notification that says it too (D29). */
  readonly mergedInto?: string
  /** The starts of the appointment's feed have moved together, and nobody has judged it yet (time doctor). */
  readonly timeShift?: boolean
  /** The clinic's notices wait for a person (R8). */
  readonly massHold?: boolean
}

const traffic: ReadonlySet<string> = new Set(['kind_cap', 'daily_cap', 'mass_change', TIME_SHIFT])

/** Held for what else is sent, which a plan does not see: whatever is planned again, it waits for its next look. */
export function isHeldByTraffic({ state, reason }: Pick<Notification, 'state' | 'reason'>): boolean {
  return state === 'held' && reason !== undefined && traffic.has(reason)
}
