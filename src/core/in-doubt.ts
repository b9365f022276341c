import { Temporal } from 'temporal-polyfill'
import type { NotificationKind } from './kind.ts'
import type { Notification } from './notification.ts'

/** When a provider that has not called back is asked what became of an attempt: after so long, then no more. Before the first, *not there* is not believed. */
const soonest = Temporal.Duration.from('PT5M')
const waits = [soonest, ...['PT30M', 'PT2H', 'PT12H', 'PT24H'].map((text) => Temporal.Duration.from(text))]

/** The first time; at once, for an attempt that is older when its outcome is written down. */
export function firstAskAt(startedAt: Temporal.Instant, now: Temporal.Instant): Temporal.Instant {
  const first = startedAt.add(soonest)
  return Temporal.Instant.compare(first, now) < 0 ? now : first
}

/** The next time after now; undefined: it is given up. */
export function nextAskAt(startedAt: Temporal.Instant, now: Temporal.Instant): Temporal.Instant | undefined {
  return waits.map((wait) => startedAt.add(wait)).find((at) => Temporal.Instant.compare(at, now) > 0)
}

/** R6, policy per kind. Somebody would come in vain, or stay at home: better told twice. The rest is a nudge: better told by nobody. */
const atLeastOnce: ReadonlySet<NotificationKind> = new Set(['change', 'cancellation', 'correction'])

/** A notification in doubt whose message the provider never took: sent again where it must arrive, while it is worth sending. */
export function neverTaken(notification: Notification, now: Temporal.Instant): Notification {
  const known = { ...notification, reason: 'not_sent', changedAt: now }
  if (!atLeastOnce.has(notification.kind)) return { ...known, state: 'failed' }
  return Temporal.Instant.compare(now, notification.notAfter) <= 0
    ? { ...known, state: 'planned', dueAt: now }
    : { ...known, state: 'expired' }
}
