import type { Temporal } from 'temporal-polyfill'
import type { ChannelKind } from './patient.ts'
import type { Facts } from './told.ts'

/** Named by what may safely happen next. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  /** Will never be taken. `optedOut`: the recipient stopped this channel (Twilio 21610). */
  | { readonly kind: 'rejected'; readonly reason: string; readonly optedOut?: boolean }
  /** Certainly not sent: try again. `account`: it is ours that is refused, and any other message would be. */
  | { readonly kind: 'deferred'; readonly reason: string; readonly retryAfter?: Temporal.Duration; readonly account?: true }
  /** Perhaps sent: never tried again blindly. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** One try to hand a message to a provider: written down before it is made (law 3). */
export interface DeliveryAttempt {
  /** Derived from the notification and the number, and opaque: providers see it. */
  readonly id: string
  readonly notificationId: string
  readonly number: number
  readonly channel: ChannelKind
  /** E.164 or address it went to: by it an answer, or the message itself at its provider, is found again. Absent in rows of before it was kept. */
  readonly to?: string
  /** It went to a test address: its patient has heard nothing. */
  readonly redirected?: true
  readonly startedAt: Temporal.Instant
  /** What the message tells, to become what the patient was told if it is accepted. */
  readonly says: Facts
  /** The words as sent, with `{link}` where the private address stood (R26). */
  readonly text: string
  /** Notifications of others that the same text says (D29). */
  readonly also?: readonly string[]
  /** What the text tells of each of them, in the same order. */
  readonly alsoSays?: readonly Facts[]
  /** Absent while the attempt runs, and for ever if we crashed during it. */
  readonly outcome?: SendOutcome
  readonly finishedAt?: Temporal.Instant
}

/** What a provider says later of an attempt it accepted. Reports repeat and overtake each other (R21). */
export interface DeliveryReport {
  /** DeliveryAttempt.id, where the provider gives it back. */
  readonly attemptId?: string
  readonly providerId: string
  readonly status: 'queued' | 'sent' | 'failed' | 'undelivered' | 'delivered'
  /** Of the failures: the provider's own code. */
  readonly errorCode?: number
  /** It is our account that may not send, whatever the message. */
  readonly account?: true
}

/** The next try of a deferred send: after the list's wait, or the provider's own if that is longer; undefined when the list is used up. */
export function nextTryAt(
  attemptsMade: number,
  now: Temporal.Instant,
  schedule: readonly Temporal.Duration[],
  retryAfter?: Temporal.Duration,
): Temporal.Instant | undefined {
  const wait = schedule[attemptsMade - 1]
  if (!wait) return undefined
  return now.add(retryAfter && retryAfter.total('milliseconds') > wait.total('milliseconds') ? retryAfter : wait)
}
