import { Temporal } from 'temporal-polyfill'
import type { Notification } from './notification.ts'
import { isPending, newsOf, notificationId } from './notification.ts'
import type { Settings } from './settings.ts'

/**
 * The same news by the channel the clinic falls back to, at once: only where this one is *known* to have failed (R6), or its number is somebody
 * else's. What may have arrived, and what a rule kept back, stays as it is. Undefined: there is none, or it has been planned before.
 */
export function fallbackFor(
  failed: Notification,
  settings: Pick<Settings, 'fallback'>,
  existing: readonly Notification[],
  now: Temporal.Instant,
): Notification | undefined {
  const channel = settings.fallback?.[failed.channel]
  if (channel === undefined || !hasFailed(failed) || failed.kind === 'manual') return undefined
  if (Temporal.Instant.compare(now, failed.notAfter) > 0) return undefined
  const { reason: _reason, decision: _decision, ...news } = failed
  const id = notificationId({ ...failed, channel })
  if (existing.some((each) => each.id === id)) return undefined
  return { ...news, id, channel, state: 'planned', dueAt: now, attempts: 0, plannedAt: now, changedAt: now }
}

/** Planned in the place of one that failed: no cadence asks for it. */
export function isFallback(
  notification: Notification,
  existing: readonly Notification[],
  { fallback }: Pick<Settings, 'fallback'>,
): boolean {
  return (
    isPending(notification) &&
    existing.some(
      (other) => hasFailed(other) && fallback?.[other.channel] === notification.channel && newsOf(other) === newsOf(notification),
    )
  )
}

function hasFailed({ state, reason }: Notification): boolean {
  return state === 'failed' || (state === 'suppressed' && reason === 'wrong_number')
}
