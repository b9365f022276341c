import type { Channel } from '../../channels/channel.ts'
import type { ChannelKind } from '../../core/patient.ts'
import { reported } from '../../core/progress.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Route } from './route.ts'
import { problem } from './route.ts'

export interface ReportDeps {
  readonly store: Store
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
  readonly publicUrl: string
}

export const SMS_REPORTS = '/callbacks/sms'

/** What the SMS provider says later: sent, delivered, failed. Believed only when it is signed for this very address (R30). */
export function reportRoutes({ store, channels, clock, publicUrl }: ReportDeps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: SMS_REPORTS,
      access: 'provider',
      handle: async (c) => {
        const fields = Object.fromEntries(new URLSearchParams(await c.req.text()))
        const { search } = new URL(c.req.url)
        const report = channels.get('sms')?.readReport?.(`${publicUrl}${SMS_REPORTS}${search}`, fields, c.req.raw.headers)
        if (!report) return problem(c, 401)
        if (report.attemptId === undefined) return c.body(null, 204)
        const { attemptId } = report
        await store.transact(async (tx) => {
          const attempt = await tx.attempts.find(attemptId)
          const notification = attempt && (await tx.notifications.find(attempt.notificationId))
          const next = notification && reported(notification, report, clock.now())
          if (!next) return
          await tx.notifications.save(next)
          const { state, reason } = next
          await tx.audit.append({
            at: clock.now(),
            actor: 'provider',
            action: `notification.${state}`,
            subject: next.id,
            ...(reason !== undefined && { detail: { reason } }),
          })
        })
        return c.body(null, 204)
      },
    },
  ]
}
