import type { Temporal } from 'temporal-polyfill'
import { fallbackFor } from '../../core/fallback.ts'
import type { Notification } from '../../core/notification.ts'
import type { Transaction } from '../../store/store.ts'
import { settingsOf } from '../intake/apply.ts'

/** Plans the news of a failed notification by the clinic's other channel, before anybody is asked to call or taken to know of it. */
export async function fallBack(tx: Transaction, failed: Notification, now: Temporal.Instant): Promise<void> {
  const settings = await settingsOf(tx, failed.clinicId)
  if (settings.fallback?.[failed.channel] === undefined) return
  const fallback = fallbackFor(failed, settings, await tx.notifications.ofAppointment(failed.appointmentId), now)
  if (!fallback) return
  await tx.notifications.save(fallback)
  await tx.audit.append({
    at: now,
    actor: 'dispatch',
    action: 'notification.fallback',
    subject: fallback.id,
    detail: { from: failed.channel },
  })
}
