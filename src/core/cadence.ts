import type { Temporal } from 'temporal-polyfill'
import type { ChannelKind } from './patient.ts'

/** A local wall time so many days before the start, in the agenda's zone. */
export interface WallTime {
  readonly daysBefore: number
  readonly at: Temporal.PlainTime
}

/** When a step is due: elapsed before the start, elapsed after the booking, or at a wall time. */
export type StepTime = { readonly before: Temporal.Duration } | { readonly afterBooking: Temporal.Duration } | WallTime

/** Of which appointments a step is, by when they were booked. Every condition given must hold; elapsed times are from booking to start. */
export interface BookedWhen {
  readonly atLeast?: Temporal.Duration
  readonly lessThan?: Temporal.Duration
  /** At or after that wall time: the message of the day before comes too late for it. */
  readonly after?: WallTime
}

/** One reminder of a cadence. Notices (confirmation, change, cancellation) are not steps: they follow from what happened. */
export interface CadenceStep {
  /** Names it in ids and screens: `PT36H`. Never reused for another meaning. */
  readonly name: string
  readonly kind: 'reminder' | 'previsit'
  readonly when: StepTime
  readonly channels: readonly ChannelKind[]
  readonly booked?: BookedWhen
  /** `shift`: moved out of quiet hours (the rule); `ignore`: for a channel that wakes nobody. */
  readonly quietHours: 'shift' | 'ignore'
  /** How long before the start it is still worth sending. */
  readonly notAfter: Temporal.Duration
}

/** What leaves when, as data: the two systems' own are `ofys` and `doctolib` (cadences.ts). */
export interface Cadence {
  readonly name: string
  readonly confirmation: readonly ChannelKind[]
  readonly change: readonly ChannelKind[]
  readonly cancellation: readonly ChannelKind[]
  /** `if_no_email`: a cancellation by absence is texted only to whoever has no e-mail (truth table 14). */
  readonly absenceSms: 'always' | 'if_no_email'
  /** D29: one patient's own appointments of a day merge across agendas; relatives only within one. */
  readonly mergesOwnAcrossAgendas: boolean
  readonly steps: readonly CadenceStep[]
}

/** Local wall times; `from` later than `until` spans midnight. */
export interface QuietHours {
  readonly from: Temporal.PlainTime
  readonly until: Temporal.PlainTime
}
