import type { Channel } from '../channels/channel.ts'
import { webPush } from '../channels/web-push.ts'
import { withoutDevices } from '../core/preferences.ts'
import type { Store } from '../store/store.ts'
import type { Config } from './config/config.ts'

/** Messages to browsers; without a store, as `check` makes it, nothing is forgotten. */
export function pushChannel({ vapid, endpoints, timeout }: NonNullable<Config['push']>, store?: Store): Channel {
  return webPush({
    ...vapid,
    endpoints,
    timeoutMs: timeout.total('milliseconds'),
    gone: async (patientId, gone) => {
      await store?.transact(async (tx) => {
        const preferences = await tx.preferences.find(patientId)
        if (preferences) await tx.preferences.save(patientId, withoutDevices(preferences, new Set(gone)))
      })
    },
  })
}
