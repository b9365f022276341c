import { copyStore, inspectStore, settleStore } from '../store/backup.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Config } from './config/config.ts'
import type { StoreTools } from './operations/store-tools.ts'

/** Backup and restore of the store that the configuration names. */
export function storeToolsOf({ store: { path, key } }: Pick<Config, 'store'>): StoreTools {
  const file = (at: string) => ({ path: at, ...(key !== undefined && { encryptionKey: key }) })
  return {
    copy: (to) => copyStore(file(path), to),
    inspect: (at) => inspectStore(file(at)),
    settle: (at) => settleStore(file(at)),
    async markRestored(at, hold) {
      const store = await openSqlite(file(at))
      try {
        await store.transact(async (tx) => {
          await tx.restoreHolds.save(hold)
          const detail = { backupAt: hold.backupAt.toString() }
          await tx.audit.append({ at: hold.since, actor: 'operator', action: 'store.restored', subject: 'store', detail })
        })
      } finally {
        await store.close()
      }
    },
  }
}
