import type { ConnectionProvider, DatabaseConnection, SqliteDatabase } from 'kysely'
import { DefaultQueryExecutor, Kysely, SqliteDialect } from 'kysely'
import Libsql from 'libsql'
import type { Database } from './schema.ts'
import { cacheStatements } from './statements.ts'

/** One connection to the file. SQLite works while its caller waits: nothing of it is left running. */
export interface Connection {
  /** One statement, without parameters. */
  exec(sql: string): void
  /** Several at once. */
  script(sql: string): void
  query(sql: string, parameters?: readonly unknown[]): readonly Readonly<Record<string, unknown>>[]
  inTransaction(): boolean
  openScope(): Scope
  close(): void
}

/** One work's way to the database, and nobody's after it. */
export interface Scope {
  readonly db: Kysely<Database>
  /** From now on every query of this scope is refused: the transaction may be another work's. */
  close(): void
}

export interface ConnectionOptions {
  readonly path: string
  readonly encryptionKey?: string
  /** Refuses every write. */
  readonly readonly?: boolean
  /** Stands between Kysely and the database, to see its statements. */
  readonly watch?: (database: SqliteDatabase) => SqliteDatabase
}

/** How long a statement waits for another process (a backup, the `sqlite3` shell) to let go. Everything waits with it, so not long. */
const busyMilliseconds = 1_000
const cacheKibibytes = 32_768

/** Where the log stops growing though nobody has copied it (`checkpoints.ts`): SQLite then does so within a commit. 64 MiB. */
const mostLogPages = 16_000
/** What is left of a log that begins anew, so that its size says how much there is to copy. 4 MiB. */
const leastLogBytes = 4_194_304

type OpenLibsql = new (path: string, options: { timeout: number; encryptionKey?: string }) => InstanceType<typeof Libsql>

/** Throws when the file cannot be opened with this key, or would not be durable. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { path, encryptionKey } = options
  const database = new (Libsql as unknown as OpenLibsql)(path, { timeout: busyMilliseconds, ...(encryptionKey && { encryptionKey }) })
  const cached = cacheStatements(database)
  const statements = options.watch?.(cached) ?? cached
  const query = (sql: string, parameters: readonly unknown[] = []) => statements.prepare(sql).all(parameters) as Record<string, unknown>[]
  try {
    setUp(query, options)
  } catch (error) {
    statements.close()
    throw error
  }
  const dialect = new SqliteDialect({ database: statements })
  const driver = dialect.createDriver()
  await driver.init()
  const held = await driver.acquireConnection()
  const compiler = dialect.createQueryCompiler()
  const adapter = dialect.createAdapter()
  const inTransaction = () => database.inTransaction
  return {
    exec: (sql) => void statements.prepare(sql).run([]),
    script: (sql) => void database.exec(sql),
    query,
    inTransaction,
    openScope() {
      const provider = guard(held, inTransaction)
      const executor = new DefaultQueryExecutor(compiler, adapter, provider)
      return { db: new Kysely<Database>({ config: { dialect }, dialect, driver, executor }), close: provider.close }
    },
    close: () => statements.close(),
  }
}

/**
 * `temp_store`: what a savepoint or a sort sets aside would else lie in clear in the temporary folder.
 * `secure_delete`: what was deleted is overwritten, so that an erasure leaves nothing in freed pages (R39).
 * `foreign_keys` and `trusted_schema`: SQLite's own advice for a file that others may have touched.
 */
function setUp(query: (sql: string) => readonly Record<string, unknown>[], options: ConnectionOptions): void {
  query('pragma journal_mode = wal')
  for (const pragma of [
    'synchronous = full',
    'foreign_keys = on',
    'trusted_schema = off',
    'temp_store = memory',
    'secure_delete = on',
    `cache_size = -${cacheKibibytes}`,
    `wal_autocheckpoint = ${mostLogPages}`,
    `journal_size_limit = ${leastLogBytes}`,
  ])
    query(`pragma ${pragma}`)
  if (options.readonly) query('pragma query_only = on')
  assertDurable(query)
}

const full = 2

/** What was acknowledged must outlive the machine: a file system without shared memory, or `:memory:`, silently gives less (promises, R1). */
export function assertDurable(query: (sql: string) => readonly Readonly<Record<string, unknown>>[]): void {
  const journal = query('pragma journal_mode')[0]?.journal_mode
  const synchronous = query('pragma synchronous')[0]?.synchronous
  if (journal !== 'wal' || synchronous !== full)
    throw new Error(
      `the store is not durable there: journal_mode is ${String(journal)}, not wal, or synchronous is ${String(synchronous)}, not ${full}`,
    )
}

function guard(held: DatabaseConnection, inTransaction: () => boolean): ConnectionProvider & { close(): void } {
  let over = false
  return {
    close() {
      over = true
    },
    async provideConnection(consumer) {
      if (over) throw new Error('this transaction is over')
      try {
        return await consumer(held)
      } catch (error) {
        // SQLite may undo the whole transaction on a full disk; the next statement would then commit alone.
        if (!inTransaction()) over = true
        throw error
      }
    },
  }
}
