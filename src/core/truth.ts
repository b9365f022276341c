import type { Temporal } from 'temporal-polyfill'
import type { NotificationKind } from './kind.ts'

/**
 * What is done where the EHR cannot be asked whether the appointment still is as we know it (FHIR-POLL-4): `send` what we know;
 * `wait` for the EHR as long as the message may still come in time, then send; `hold` it, unsent for good if the EHR stays silent.
 */
export type TruthPolicy = 'send' | 'wait' | 'hold'

/** Notices say what the EHR has just said. A reminder can wait, and in the end a patient who is reminded of what they know is better off. */
export const truthPolicies: Readonly<Record<NotificationKind, TruthPolicy>> = {
  confirmation: 'send',
  change: 'send',
  cancellation: 'send',
  correction: 'send',
  reminder: 'wait',
  previsit: 'wait',
  no_show: 'wait',
  // O6: a person decided
  manual: 'send',
}

/** How well we know an appointment: lately enough, not yet asked about, or asked in vain. */
export type Standing = 'fresh' | 'unasked' | 'unreachable'

export type TruthOutcome =
  | { readonly kind: 'send' }
  | { readonly kind: 'delayed'; readonly until: Temporal.Instant; readonly reason: 'truth_unchecked' }

/** While the question is under way, and while the EHR is silent. */
const soon = { seconds: 20 }
const later = { minutes: 1 }
/** What waits leaves that long before it would be worth nothing. */
const inTime = { minutes: 15 }

export function truthOutcome(policy: TruthPolicy, standing: Standing, notAfter: Temporal.Instant, now: Temporal.Instant): TruthOutcome {
  if (standing === 'fresh') return { kind: 'send' }
  const latest = notAfter.subtract(inTime)
  const isLate = now.epochMilliseconds >= latest.epochMilliseconds
  const until = now.add(standing === 'unasked' ? soon : later)
  const bounded = policy === 'wait' && until.epochMilliseconds > latest.epochMilliseconds ? latest : until
  if (standing === 'unreachable' && (policy === 'send' || (policy === 'wait' && isLate))) return { kind: 'send' }
  return { kind: 'delayed', until: isLate ? until : bounded, reason: 'truth_unchecked' }
}
