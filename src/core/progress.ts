import type { Temporal } from 'temporal-polyfill'
import type { DecisionOutcome } from './decision.ts'
import type { DeliveryReport, SendOutcome } from './delivery.ts'
import { nextTryAt } from './delivery.ts'
import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf } from './notification.ts'
import type { Facts, Told } from './told.ts'
import { basisOf, sameFacts, startKnownBefore } from './told.ts'

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
    case 'merged':
      return { ...base, state: 'merged_into', reason: outcome.into }
    case 'suppressed':
    case 'shadow':
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
  // the provider's report may have overtaken its own answer
  if (notification.state !== 'sending') return notification
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

/**
 * The notification after its provider's report: a lattice that is only climbed, `sent` < `failed` < `delivered`, whatever the order of arrival.
 * It also ends a doubt: the provider knows the attempt. Undefined: nothing new.
 */
export function reported(notification: Notification, report: DeliveryReport, now: Temporal.Instant): Notification | undefined {
  const { state } = notification
  const base = { ...withoutReason(notification), changedAt: now }
  switch (report.status) {
    case 'delivered':
      return state === 'sent' || state === 'failed' || state === 'in_doubt' || state === 'sending'
        ? { ...base, state: 'delivered' }
        : undefined
    case 'failed':
    case 'undelivered':
      return state === 'sent' || state === 'in_doubt' || state === 'sending'
        ? { ...base, state: 'failed', reason: `${report.status}_${report.errorCode ?? 'unknown'}` }
        : undefined
    case 'queued':
    case 'sent':
      return state === 'in_doubt' ? { ...base, state: 'sent' } : undefined
    default:
      return report.status satisfies never
  }
}

function withoutReason({ reason: _, ...rest }: Notification): Notification {
  return rest
}

/** What the patient knows once a message with these facts has, or may have, reached them; undefined when that is no more than before. */
export function toldBy(notification: Notification, says: Facts, told: Told | undefined, now: Temporal.Instant): Told | undefined {
  // O6: what a person sends takes the place of nothing automatic, and holds none of it back
  if (notification.kind === 'manual') return undefined
  const news = newsOf(notification)
  if (!isNotice(notification.kind) && told) return firmUp(told, says, now)
  if (told?.by === news ? sameFacts(told.facts, says) : isOvertaken(notification, told)) return undefined
  const startBefore = startKnownBefore(news, told)
  return { facts: says, version: (told?.version ?? 0) + 1, by: news, at: now, ...(startBefore && { startBefore }) }
}

/** A reminder of what we only took the patient to know: now they do. One that says otherwise leaves the notice of it its work. */
function firmUp({ assumed, ...known }: Told, says: Facts, now: Temporal.Instant): Told | undefined {
  return assumed !== undefined && sameFacts(known.facts, says) ? { ...known, at: now } : undefined
}

/** A notice set out from what the patient then knew (its basis): later news has reached them while it was under way. */
function isOvertaken(notification: Notification, told: Told | undefined): boolean {
  return isNotice(notification.kind) && notification.basis !== basisOf(told)
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
  const final =
    notification.state === 'suppressed' ||
    notification.state === 'shadow' ||
    notification.state === 'failed' ||
    notification.state === 'expired'
  if (!final || !isNotice(notification.kind)) return undefined
  if (isOvertaken(notification, told)) return undefined
  const news = newsOf(notification)
  const alive = siblings.some(
    (other) => other.id !== notification.id && newsOf(other) === news && (isPending(other) || other.state === 'sending'),
  )
  return alive
    ? undefined
    : { facts: truth, version: (told?.version ?? 0) + 1, by: news, at: now, assumed: notification.reason ?? notification.state }
}

/** Has told somebody, or may have, or will yet. */
const unlost: ReadonlySet<Notification['state']> = new Set(['planned', 'parked', 'held', 'sending', 'sent', 'delivered', 'in_doubt'])

/**
 * What the patient knows once a provider has reported on the message of a notice: undelivered, and no other channel left that told it, they are
 * only taken to know; delivered after all, they do. Undefined: no more and no less than before, or later news has reached them since.
 */
export function toldAfterReport(reported: Notification, siblings: readonly Notification[], told: Told | undefined): Told | undefined {
  if (!told || told.by !== newsOf(reported)) return undefined
  const { assumed, ...known } = told
  if (reported.state !== 'failed') return assumed === undefined ? undefined : known
  const isTold = siblings.some((other) => other.id !== reported.id && newsOf(other) === told.by && unlost.has(other.state))
  return isTold || assumed !== undefined ? undefined : { ...known, assumed: reported.reason ?? reported.state }
}
