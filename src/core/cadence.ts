import type { Temporal } from 'temporal-polyfill'
import type { ChannelKind } from './patient.ts'

/** When a step is due: elapsed before the start, or elapsed after the booking. */
export type StepTime =
  | { readonly before: Temporal.Duration }
  /** Local wall time, so many days before, in the agenda's zone. */
  | { readonly daysBefore: number; readonly at: Temporal.PlainTime }

/** One reminder of a cadence. Notices (confirmation, change, cancellation) are not steps: they follow from what happened. */
export interface CadenceStep {
  /** Names it in ids and screens: `PT36H`. Never reused for another meaning. */
  readonly name: string
  readonly kind: 'reminder' | 'previsit'
  readonly when: StepTime
  readonly channels: readonly ChannelKind[]
  /** How long before the start it is still worth sending. */
  readonly notAfter: Temporal.Duration
}

/** Local wall times; `from` later than `until` spans midnight. */
export interface QuietHours {
  readonly from: Temporal.PlainTime
  readonly until: Temporal.PlainTime
}
