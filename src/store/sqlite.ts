import { chmod, open } from 'node:fs/promises'
import { Temporal } from 'temporal-polyfill'
import { type Checkpoints, checkpointsBeside, none } from './checkpoints.ts'
import { groupCommit } from './group-commit.ts'
import { toMicroseconds } from './instant.ts'
import { migrate } from './migrate.ts'
import { probe, unprobe } from './probe.ts'
import { snapshotReads } from './snapshot-reads.ts'
import { type Connection, connect } from './sqlite-connection.ts'
import type { Store } from './store.ts'
import { tables } from './tables.ts'
import { asUnavailable, unavailable } from './unavailable.ts'
import { keepWriterMemory } from './writer-memory.ts'

export interface SqliteOptions {
  /** Created, readable by its owner alone, where it is missing; its folder must exist. */
  readonly path: string
  /** Absent: the file lies in clear. */
  readonly encryptionKey?: string
  readonly now?: () => Temporal.Instant
  /** How many works share one commit at most, and how long they are gathered; 256 and 50 ms unless told: a commit may take as long. */
  readonly groupSize?: number
  readonly groupWindow?: Temporal.Duration
  /** A work that takes longer is undone alone and rejected; 10 s unless told. */
  readonly workTimeout?: Temporal.Duration
}

/** One file, one process. Throws when the file cannot be opened with this key, was made by a newer program, or would not be durable there. */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const { path, encryptionKey } = options
  const key = encryptionKey === undefined ? {} : { encryptionKey }
  const opened: Connection[] = []
  try {
    await keepPrivate(path)
    const writer = await connect({ path, ...key })
    opened.push(writer)
    migrate(writer, toMicroseconds((options.now ?? Temporal.Now.instant)()))
    const reader = await connect({ path, ...key, readonly: true })
    return sqliteStore({ writer, reader, checkpoints: checkpointsBeside({ path, ...key }) }, options)
  } catch (cause) {
    for (const connection of opened) connection.close()
    throw new Error(`cannot open the store at ${path}: ${reasonOf(cause)}`, { cause })
  }
}

/** The same, over connections that are open and migrated already. */
export function sqliteStore(
  { writer, reader, checkpoints = none }: { readonly writer: Connection; readonly reader: Connection; readonly checkpoints?: Checkpoints },
  options: Omit<SqliteOptions, 'path' | 'encryptionKey'>,
): Store {
  const now = options.now ?? Temporal.Now.instant
  const workTimeout = options.workTimeout?.total('milliseconds') ?? 10_000
  const memory = keepWriterMemory(writer)
  const group = groupCommit(writer, {
    begun: memory.begun,
    committed: checkpoints.committed,
    undone: memory.undone,
    size: options.groupSize ?? 256,
    window: options.groupWindow?.total('milliseconds') ?? 50,
    workTimeout,
  })
  const reads = snapshotReads(reader, workTimeout)
  const settings = new Map()
  let closing: Promise<void> | undefined

  async function finish(): Promise<void> {
    await Promise.all([group.drain(), reads.drain()])
    await checkpoints.stop()
    reader.close()
    try {
      writer.query('pragma wal_checkpoint(truncate)')
    } catch {
      // On a full disk: what is committed stays in the `-wal` file, where the next start finds it.
    }
    writer.close()
  }

  return {
    async transact(work) {
      if (closing) throw unavailable('it is closed')
      return await group.run((db) => work(tables(db, settings, memory.now())))
    },
    async read(work) {
      if (closing) throw unavailable('it is closed')
      return await reads.run((db) => work(tables(db, settings)))
    },
    async check() {
      if (closing) throw unavailable('it is closed')
      const at = toMicroseconds(now())
      await group.run(async (db) => {
        await probe(db, at)
        await unprobe(db)
      })
    },
    async scrub() {
      for (let tries = 0; tries < scrubTries; tries += 1) {
        // a reader in the middle of its work still needs the log
        if (!writer.inTransaction() && writer.query('pragma wal_checkpoint(truncate)')[0]?.busy === 0) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw unavailable('the log is in use')
    },
    close() {
      closing ??= finish()
      return closing
    },
  }
}

/** Twenty seconds of them. */
const scrubTries = 400

/** SQLite gives the files beside it (`-wal`, `-shm`) the mode of the database. */
async function keepPrivate(path: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  await file.close()
  await chmod(path, 0o600)
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_NOTADB') return 'it is no store, or the key is another one'
  const known = asUnavailable(cause)
  return known instanceof Error ? known.message : String(known)
}
