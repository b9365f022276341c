import { Temporal } from 'temporal-polyfill'
import { isCancelled } from '../../src/core/appointment.ts'
import type { Message } from '../../src/core/message.ts'
import type { Settings } from '../../src/core/settings.ts'
import { quietAt } from '../../src/core/timing.ts'
import type { Clock } from '../../src/server/clock.ts'
import type { Store } from '../../src/store/store.ts'

/**
 * Looks at each message at the moment its provider takes it, beside what had been acknowledged to the EHR by then. What it says here is
 * written from the promises alone, and calls nothing of what decides.
 */
export function watchSends(store: Store, clock: Clock, settings: Settings, faults: string[]) {
  return async ({ notificationId, notAfter, channel, attemptId }: Message): Promise<void> => {
    const now = clock.now()
    const found = await store.read(async (tx) => {
      const notification = await tx.notifications.find(notificationId)
      const appointment = notification && (await tx.appointments.find(notification.appointmentId))
      const attempt = (await tx.attempts.unfinished(50)).find(({ id }) => id === attemptId)
      return { notification, appointment, says: attempt?.says }
    })
    const { notification, appointment, says } = found
    const fault = (what: string) => faults.push(`${now}: ${notificationId}: ${what}`)
    if (!notification || !appointment) return void fault('a message of nothing that is stored')
    if (!says) return void fault('R6: sent before it was written down')
    if (Temporal.Instant.compare(now, notAfter) > 0) fault('R10: sent when it was worth nothing any more')
    // the cadence `ofys`: 36 h before; a text may go before the quiet hours of that time
    const earliest = says.start?.subtract({ hours: 36 })
    if (notification.kind === 'previsit' && channel === 'email' && earliest && Temporal.Instant.compare(now, earliest) < 0)
      fault('R14: sent before its time')
    const off = isCancelled(appointment)
    switch (notification.kind) {
      case 'confirmation':
      case 'reminder':
      case 'previsit':
      case 'change':
        if (off) fault('R7: sent of a visit that is known to be off')
        else if (!says.start || !appointment.start?.equals(says.start)) fault('R7: says another hour than the one that is known')
        else if (Temporal.Instant.compare(now, says.start) > 0) fault('R10: sent after the visit began')
        break
      case 'cancellation':
        if (!off) fault('R7: says that it is off, and it stands')
        break
      default:
        if (says.stands === off) fault('R7: says another thing than what is known')
    }
    const quiet = quietAt(now, settings.clinic.zone, settings.quietHours)
    if (channel === 'sms' && quiet && !isUrgent(notification.kind, now, settings)) fault('section 7: a text in quiet hours')
  }
}

/** Rules.md section 7: what cannot wait may break quiet hours until 22:30 and from 06:00. */
function isUrgent(kind: string, now: Temporal.Instant, { clinic }: Settings): boolean {
  if (kind !== 'change' && kind !== 'cancellation' && kind !== 'correction') return false
  const { hour, minute } = now.toZonedDateTimeISO(clinic.zone)
  return hour >= 6 && hour * 60 + minute < 22 * 60 + 30
}
