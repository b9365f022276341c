import type { Temporal } from 'temporal-polyfill'
import type { DecisionOutcome } from './decision.ts'
import type { SendOutcome } from './delivery.ts'
import { nextTryAt } from './delivery.ts'
import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf } from './notification.ts'
import type { Facts, Told } from './told.ts'
import { sameFacts } from './told.ts'

/** A held notification is looked at again this often; nothing but a person or the EHR can free it sooner. */
const heldFor = { minutes: 15 }

/** The notification after a decision that is not to send it now. */
export function withhold(
  notification: Notification,
  outcome: Exclude<DecisionOutcome, { kind: 'send' }>,
  now: Temporal.Instant,
): Notification {
  const base = { ...notification, reason: outcome.reason, changedAt: now }
  switch (outcome.kind) {
    case 'delayed':
      return { ...base, state: 'planned', dueAt: outcome.until }
    case 'held':
      return { ...base, state: 'held', dueAt: now.add(heldFor) }
    case 'suppressed':
    case 'parked':
    case 'expired':
    case 'withdrawn':
      return { ...base, state: outcome.kind }
    default:
      return outcome satisfies never
  }
}

/** The notification after a send came back. A `deferred` one tries again while the list of waits lasts and the message is worth sending. */
export function advance(
  notification: Notification,
  outcome: SendOutcome,
  now: Temporal.Instant,
  schedule: readonly Temporal.Duration[],
): Notification {
  const base: Notification = { ...withoutReason(notification), changedAt: now }
  switch (outcome.kind) {
    case 'accepted':
      return { ...base, state: 'sent' }
    case 'rejected':
      return { ...base, state: 'failed', reason: outcome.reason }
    case 'unknown':
      return { ...base, state: 'in_doubt', reason: outcome.reason }
    case 'deferred': {
      const dueAt = nextTryAt(notification.attempts, now, schedule, outcome.retryAfter)
      if (!dueAt) return { ...base, state: 'failed', reason: outcome.reason }
      if (dueAt.epochMilliseconds > notification.notAfter.epochMilliseconds) return { ...base, state: 'expired', reason: outcome.reason }
      return { ...base, state: 'planned', reason: outcome.reason, dueAt }
    }
    default:
      return outcome satisfies never
  }
}

function withoutReason({ reason: _, ...rest }: Notification): Notification {
  return rest
}

/** What the patient knows once a message with these facts has, or may have, reached them. */
export function toldBy(notification: Notification, says: Facts, told: Told | undefined, now: Temporal.Instant): Told | undefined {
  const news = newsOf(notification)
  if (told?.by === news && sameFacts(told.facts, says)) return undefined
  if (!isNotice(notification.kind) && told && !told.assumed) return undefined
  return { facts: says, version: (told?.version ?? 0) + 1, by: news, at: now }
}

/**
 * A notice that will never leave, on the last channel it had: from now on the patient is taken to know from elsewhere,
 * so that one rule's silence does not turn into a late and surprising message.
 */
export function assumedTold(
  notification: Notification,
  siblings: readonly Notification[],
  truth: Facts,
  told: Told | undefined,
  now: Temporal.Instant,
): Told | undefined {
  const final = notification.state === 'suppressed' || notification.state === 'failed' || notification.state === 'expired'
  if (!final || !isNotice(notification.kind)) return undefined
  const news = newsOf(notification)
  if (told?.by === news) return undefined
  const alive = siblings.some(
    (other) => other.id !== notification.id && newsOf(other) === news && (isPending(other) || other.state === 'sending'),
  )
  return alive
    ? undefined
    : { facts: truth, version: (told?.version ?? 0) + 1, by: news, at: now, assumed: notification.reason ?? notification.state }
}
