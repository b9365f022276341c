import type { DeliveryAttempt, SendOutcome } from '../../core/delivery.ts'
import { always, byKind, duration, flag, instant, list, number, oneOf, optional, record, text } from '../codec.ts'
import { channel } from './notification.ts'
import { facts } from './told.ts'

/** How an attempt began; how it ended lies beside, in `finishedRecord`. */
export type StartedAttempt = Omit<DeliveryAttempt, 'outcome' | 'finishedAt'>

export const startedRecord = record<StartedAttempt>({
  id: text,
  notificationId: text,
  number,
  channel,
  to: optional(text),
  redirected: optional(always),
  startedAt: instant,
  says: facts,
  text,
  also: optional(list(text)),
  alsoSays: optional(list(facts)),
})

type Outcome<K extends SendOutcome['kind']> = Extract<SendOutcome, { kind: K }>

const outcome = byKind<SendOutcome>({
  accepted: record<Outcome<'accepted'>>({ kind: oneOf({ accepted: true }), providerId: text }),
  rejected: record<Outcome<'rejected'>>({ kind: oneOf({ rejected: true }), reason: text, optedOut: optional(flag) }),
  deferred: record<Outcome<'deferred'>>({
    kind: oneOf({ deferred: true }),
    reason: text,
    retryAfter: optional(duration),
    account: optional(always),
  }),
  unknown: record<Outcome<'unknown'>>({ kind: oneOf({ unknown: true }), reason: text }),
})

export const finishedRecord = record<Pick<DeliveryAttempt, 'outcome' | 'finishedAt'>>({
  outcome: optional(outcome),
  finishedAt: optional(instant),
})
