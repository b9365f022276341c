import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openPostgres } from '../store/postgres.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Archive, InboxRow, Store } from '../store/store.ts'
import { recordedEnvelopes, recordedIn } from '../store/traffic.ts'
import type { StoreConfig } from './config/store.ts'

/** The store the configuration names: a file, whose folder is made where it is missing, or a database. */
export function openStoreOf({ path, key, postgres }: StoreConfig): Promise<Store> {
  if (postgres) return openPostgres(postgres)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return openSqlite({ path, ...(key !== undefined && { encryptionKey: key }) })
}

/** All that it ever received; `store` is the same one, open. */
export function recordedOf({ path, key, postgres }: StoreConfig, store: Store, archive: Archive): AsyncIterable<InboxRow> {
  if (postgres) return recordedIn(store, archive)
  return recordedEnvelopes({ path, ...(key !== undefined && { encryptionKey: key }), archive })
}
