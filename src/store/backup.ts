import { open } from 'node:fs/promises'
import { Kysely, SqliteDialect } from 'kysely'
import Libsql from 'libsql'
import { findAuditFaults } from './audit.ts'
import type { AuditFault } from './port/audit.ts'
import type { Database } from './schema.ts'
import { cacheStatements } from './statements.ts'

export interface StoreFile {
  readonly path: string
  /** Absent: it lies in clear. */
  readonly encryptionKey?: string
}

/** What a store says of itself, read without a change to its file. */
export interface StoreFacts {
  /** Its last migration; empty: it has none, and is no store. */
  readonly schema: string
  /** The last row of the audit. */
  readonly auditHead: { readonly seq: number; readonly hash: string }
  readonly auditFaults: readonly AuditFault[]
  /** What `integrity_check` found, some lines of it; none: sound. */
  readonly damage: readonly string[]
}

/**
 * Writes the store as it is at one instant to `to`, which must not exist, beside a service that goes on writing. The copy keeps the key and is
 * flushed to disk; it takes as long as the file is large, and this process does nothing else meanwhile.
 */
export async function copyStore(store: StoreFile, to: string): Promise<void> {
  const file = await open(to, 'wx', 0o600)
  try {
    withDatabase(store, (query) => query('vacuum into ?', [to]))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Throws when there is no file, or it cannot be opened with this key. */
export async function inspectStore(store: StoreFile): Promise<StoreFacts> {
  const database = openDatabase(store)
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: cacheStatements(database) }) })
  try {
    const query = queryOf(database)
    query('pragma query_only = on')
    const damage = query('pragma integrity_check(20)').map((row) => String(Object.values(row)[0]))
    const schema = String(query('select max(name) as name from migrations')[0]?.name ?? '')
    const head = query('select seq, hash from audit order by seq desc limit 1')[0]
    return {
      schema,
      auditHead: { seq: Number(head?.seq ?? 0), hash: String(head?.hash ?? '') },
      auditFaults: await findAuditFaults(db),
      damage: damage.filter((line) => line !== 'ok'),
    }
  } finally {
    await db.destroy()
  }
}

/**
 * Makes a store one file without a log beside it, which it can only be while nobody else has it open. `unreadable`: what lies there opens with
 * no key that is known, and its log stays beside it.
 */
export function settleStore(store: StoreFile): 'settled' | 'in use' | 'unreadable' {
  try {
    return withDatabase(store, (query) => (query('pragma journal_mode = delete')[0]?.journal_mode === 'delete' ? 'settled' : 'in use'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'in use'
    return 'unreadable'
  }
}

type Query = (sql: string, parameters?: readonly unknown[]) => readonly Readonly<Record<string, unknown>>[]
type OpenLibsql = new (path: string, options: { timeout: number; encryptionKey?: string }) => InstanceType<typeof Libsql>

/** How long it waits for another process, in milliseconds. */
const patience = 5_000

function openDatabase({ path, encryptionKey }: StoreFile): InstanceType<typeof Libsql> {
  return new (Libsql as unknown as OpenLibsql)(path, { timeout: patience, ...(encryptionKey !== undefined && { encryptionKey }) })
}

function queryOf(database: InstanceType<typeof Libsql>): Query {
  return (sql, parameters = []) => database.prepare(sql).all(parameters) as Record<string, unknown>[]
}

function withDatabase<T>(store: StoreFile, work: (query: Query) => T): T {
  const database = openDatabase(store)
  try {
    return work(queryOf(database))
  } finally {
    database.close()
  }
}
