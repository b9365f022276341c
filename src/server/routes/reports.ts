import type { Channel } from '../../channels/channel.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { recordReport } from '../sending/record-report.ts'
import type { Stoppages } from '../sending/stoppages.ts'
import { callbackOf } from './callback.ts'
import type { Route } from './route.ts'
import { problem } from './route.ts'

export interface ReportDeps {
  readonly store: Store
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
  readonly publicUrl: string
  readonly stoppages?: Pick<Stoppages, 'reported'>
  /** Called after a commit: what a lost text said of others is due again. */
  readonly planned: () => void
}

export const SMS_REPORTS = '/callbacks/sms'

/** What the SMS provider says later: sent, delivered, failed. Believed only when it is signed for this very address (R30). */
export function reportRoutes({ store, channels, clock, publicUrl, stoppages, planned }: ReportDeps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: SMS_REPORTS,
      access: 'provider',
      handle: async (c) => {
        const report = channels.get('sms')?.readReport?.(await callbackOf(c, publicUrl))
        if (!report) return problem(c, 401)
        if (report.account) stoppages?.reported('sms', `${report.status}_${report.errorCode ?? 'unknown'}`, clock.now())
        if (await store.transact((tx) => recordReport(tx, report, clock))) planned()
        return c.body(null, 204)
      },
    },
  ]
}
