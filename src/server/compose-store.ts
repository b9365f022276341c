import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { toMicroseconds } from '../store/instant.ts'
import type { Archive } from '../store/port/archive.ts'
import type { InboxRow } from '../store/port/inbox.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import { recordedEnvelopes, recordedIn } from '../store/traffic.ts'
import type { StoreMove, StoreMoved } from './commands/store-move.ts'
import type { StoreConfig } from './config/store.ts'
import { isLoopback } from './config/values.ts'

/** The store the configuration names: a file, whose folder is made where it is missing, or a database. */
export async function openStoreOf({ path, key, postgres }: StoreConfig): Promise<Store> {
  if (postgres) {
    // a start on SQLite does not wait for the client of a database it has not
    const { openPostgres } = await import('../store/postgres.ts')
    return openPostgres(postgres)
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return openSqlite({ path, ...(key !== undefined && { encryptionKey: key }) })
}

/** Of one file into one database, for `rappel migrate`. */
export async function moveStore({ path, key, to, ca, insecure, now, signal, progress }: StoreMove): Promise<StoreMoved> {
  if (!existsSync(path)) throw new Error(`${path}: there is no such store`)
  const inClear = insecure || (ca === undefined && isLoopback(new URL(to).hostname))
  const { moveToPostgres } = await import('../store/move.ts')
  return await moveToPostgres({
    from: { path, ...(key !== undefined && { encryptionKey: key }) },
    to: { url: to, ...(!inClear && { tls: { ...(ca !== undefined && { ca }) } }) },
    now: toMicroseconds(now),
    signal,
    progress,
  })
}

/** All that it ever received; `store` is the same one, open. */
export function recordedOf({ path, key, postgres }: StoreConfig, store: Store, archive: Archive): AsyncIterable<InboxRow> {
  if (postgres) return recordedIn(store, archive)
  return recordedEnvelopes({ path, ...(key !== undefined && { encryptionKey: key }), archive })
}
