import { createHash } from 'node:crypto'
import type { ConnectionProvider, DatabaseConnection } from 'kysely'
import { DefaultQueryExecutor, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { unheard } from '../prepare.ts'
import type { Database } from '../schema.ts'
import type { Scope } from '../sqlite-connection.ts'

export interface Address {
  /** `postgres://user:password@host:5432/database` */
  readonly url: string
  /** Absent: in clear. */
  readonly tls?: { readonly ca?: string }
}

type Around = (statement: () => Promise<unknown>) => Promise<unknown>

/** One session. Statements follow each other in the order they are sent, and are not waited for one by one (pipelining). */
export interface PostgresConnection {
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** Several statements in one round trip; the rows of the last that gave any. */
  script(sql: string): Promise<readonly Record<string, unknown>[]>
  /** Throws where the transaction was undone instead. */
  commit(): Promise<void>
  /** `around` sees every statement of the scope; `unheard` is given what nobody waits for (`prepareWrite`). Without it every statement is waited for. */
  openScope(around?: Around, unheard?: (statement: Promise<unknown>) => void): Scope
  isLost(): boolean
  onNotice(heard: (text: string) => void): void
  close(): Promise<void>
}

/** How long a statement may take, and wait for another's lock: the works of a node wait for each other. */
const statementMilliseconds = 10_000
const lockMilliseconds = 5_000
/** A server that is gone without a word is given up after this; longer than any statement may take. */
const silenceMilliseconds = 12_000
const connectMilliseconds = 5_000

const integer = 20
const numeric = 1700

/** Whole numbers come as numbers: what we keep is below 2^53. */
const types = {
  getTypeParser: (oid: number, format?: string) =>
    oid === integer || oid === numeric ? Number : pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
} as pg.CustomTypesConfig

/** Throws when it does not answer, or would not keep what it acknowledges. */
export async function connectPostgres({ url, tls }: Address, name: string): Promise<PostgresConnection> {
  const client = new pg.Client({
    connectionString: url,
    ssl: tls ? { rejectUnauthorized: true, ...(tls.ca !== undefined && { ca: tls.ca }) } : false,
    types,
    application_name: `rappel ${name}`,
    keepAlive: true,
    connectionTimeoutMillis: connectMilliseconds,
    statement_timeout: statementMilliseconds,
    lock_timeout: lockMilliseconds,
    idle_in_transaction_session_timeout: 2 * statementMilliseconds,
    query_timeout: silenceMilliseconds,
    pipeline: true,
    options: '-c synchronous_commit=on -c timezone=UTC -c default_transaction_isolation=read\\ committed',
  })
  let lost = false
  const lose = () => {
    lost = true
  }
  client.on('error', lose)
  client.on('end', lose)
  await client.connect()
  const connection = connectionOf(client, () => lost, lose)
  try {
    await assertKept(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
  return connection
}

function connectionOf(client: pg.Client, isLost: () => boolean, lose: () => void): PostgresConnection {
  const send = sendingTo(client, lose)
  const compiler = dialect.createQueryCompiler()
  const adapter = shared
  return {
    query: async (sql, parameters = []) => (await send(sql, parameters)).rows,
    async script(sql) {
      const results = [await send(sql)].flat()
      return results.findLast(({ rows }) => rows.length > 0)?.rows ?? []
    },
    async commit() {
      const { command } = await send('commit')
      if (command !== 'COMMIT') throw new Error('the database undid the transaction')
    },
    openScope(around = (statement) => statement(), unheard) {
      const held = heldBy((sql, parameters) => around(() => send(sql, parameters)) as ReturnType<typeof send>, unheard)
      const provider = guard(held)
      const executor = new DefaultQueryExecutor(compiler, adapter, provider)
      return { db: new Kysely<Database>({ config: { dialect }, dialect, driver: dialect.createDriver(), executor }), close: provider.close }
    },
    isLost,
    onNotice(heard) {
      client.on('notification', ({ payload = '' }) => heard(payload))
    },
    async close() {
      lose()
      await client.end().catch(() => undefined)
    },
  }
}

const dialect = new PostgresDialect({ pool: () => Promise.reject(new Error('connections are made one by one')) })
/** One for all: a query is compiled once for each adapter (`prepare.ts`). */
const shared = dialect.createAdapter()

interface Answer {
  readonly command: string
  readonly rowCount: number | null
  readonly rows: Record<string, unknown>[]
}

function sendingTo(client: pg.Client, lose: () => void) {
  return async (sql: string, parameters?: readonly unknown[]): Promise<Answer> => {
    try {
      const query = parameters ? { text: sql, values: parameters.map(bindable), name: nameOf(sql) } : sql
      return (await client.query(query)) as Answer
    } catch (error) {
      // the answer may still come, and would be taken for the next statement's
      if (error instanceof Error && error.message === 'Query read timeout') {
        lose()
        void client.end().catch(() => undefined)
      }
      throw error
    }
  }
}

interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly [unheard]?: true
}

function heldBy(
  send: (sql: string, parameters: readonly unknown[]) => Promise<Answer>,
  leave: ((statement: Promise<unknown>) => void) | undefined,
): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters, [unheard]: isUnheard }: Statement) {
      if (leave && isUnheard) {
        leave(send(sql, parameters))
        return { rows: [] as R[] }
      }
      const { command, rowCount, rows } = await send(sql, parameters)
      const isChange = command !== 'SELECT'
      return { rows: rows as R[], ...(isChange && { numAffectedRows: BigInt(rowCount ?? 0) }) }
    },
    streamQuery() {
      throw new Error('nothing is streamed')
    },
  }
}

function guard(held: DatabaseConnection): ConnectionProvider & { close(): void } {
  let over = false
  return {
    close() {
      over = true
    },
    async provideConnection(consumer) {
      if (over) throw new Error('this transaction is over')
      return consumer(held)
    },
  }
}

const names = new Map<string, string>()

/** PostgreSQL parses a statement that has a name once for each session. */
function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 32)
  // only a query whose text depends on its values could fill it
  if (names.size >= 1_000) names.clear()
  names.set(sql, name)
  return name
}

/** No text of PostgreSQL holds a NUL: in a column, where it only serves to find a row, it is written as a character that is none. */
export const insteadOfNul = '\uFDD0'

function bindable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', insteadOfNul) : value
  if (value === null || value instanceof Uint8Array || Array.isArray(value)) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new TypeError(`cannot bind ${typeof value} to a statement`)
}

/** Microseconds since 1970, on the clock that all nodes share. */
export const databaseNow = '(extract(epoch from clock_timestamp()) * 1000000)::bigint'

const oldest = 140_000

/** What was acknowledged must outlive the machine (promises, R1). */
async function assertKept(connection: PostgresConnection): Promise<void> {
  const [found] = await connection.query(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commits,
      current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
  )
  if (found?.fsync !== 'on' || found.pages !== 'on' || found.commits !== 'on')
    throw new Error(
      `the store is not durable there: fsync is ${String(found?.fsync)}, full_page_writes ${String(found?.pages)}, synchronous_commit ${String(found?.commits)}; all must be on`,
    )
  if (Number(found.version) < oldest) throw new Error('PostgreSQL 14 or later is needed')
  if (found.encoding !== 'UTF8') throw new Error(`the database holds texts in ${String(found.encoding)}: make it with encoding 'UTF8'`)
}
