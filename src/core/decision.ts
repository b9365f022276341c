import type { Temporal } from 'temporal-polyfill'
import type { NotificationKind } from './kind.ts'
import type { ChannelKind } from './patient.ts'

/** `na`: the gate does not apply; `spared`: it would say no, but the patient booked online (gates 5, 6). */
export type Verdict = 'yes' | 'no' | 'na' | 'spared'

/** One gate of rules.md section 4, with the value it saw. */
export interface GateResult {
  readonly gate: number
  readonly name: string
  readonly verdict: Verdict
  /** What was looked at, in a word or two; never a contact or a name. */
  readonly saw: string
  /** Of a no: the reason's code. */
  readonly reason?: string
  /** The codes of its other reasons, where it has several: each would say no alone. */
  readonly others?: readonly string[]
}

export type DecisionOutcome =
  | { readonly kind: 'send' }
  | { readonly kind: 'suppressed'; readonly reason: string }
  /** Not now, but nothing is lost: it is looked at again at its due time (D28). */
  | { readonly kind: 'parked'; readonly reason: string }
  | { readonly kind: 'held'; readonly reason: string }
  /** Another notification says it too (D29). */
  | { readonly kind: 'merged'; readonly into: string; readonly reason: string }
  | { readonly kind: 'delayed'; readonly until: Temporal.Instant; readonly reason: string }
  | { readonly kind: 'expired'; readonly reason: string }
  | { readonly kind: 'withdrawn'; readonly reason: string }
  | ShadowOutcome

/** It does not leave, because we only watch (gate 0); and what would have come of it. */
export interface ShadowOutcome {
  readonly kind: 'shadow'
  /** Why we only watch. */
  readonly reason: string
  readonly would: 'send' | 'suppressed' | 'held' | 'delayed'
  /** Why it would not have left, or not then. */
  readonly because?: string
  /** Of what would have waited: when it would have left. */
  readonly until?: Temporal.Instant
}

/** Why one appointment × kind × channel is sent, waits, or is not sent (rules.md section 6). */
export interface Decision {
  readonly kind: NotificationKind
  readonly channel: ChannelKind
  readonly at: Temporal.Instant
  readonly settingsVersion: number
  /** All gates, in order; the first `no` names the outcome. */
  readonly gates: readonly GateResult[]
  readonly outcome: DecisionOutcome
}
