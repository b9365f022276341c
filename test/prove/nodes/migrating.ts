import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { migrate, migrations } from '../../../src/store/migrate.ts'
import { connectPostgres } from '../../../src/store/postgres/connection.ts'
import { migratePostgres } from '../../../src/store/postgres/migrate.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'

/** A store that is brought up step by step, by processes that die on the way. */
export interface Migrated {
  readonly engine: 'sqlite' | 'postgres'
  /** What the process is given: a file, or an address. */
  readonly where: string
  /** By hand, as one that is not killed: the first so many steps. */
  bring(steps: number): Promise<void>
  query(sql: string): Promise<readonly Record<string, unknown>[]>
}

export function inSqlite(where: string): Migrated {
  const using = async <T>(work: (connection: Awaited<ReturnType<typeof connect>>) => T): Promise<T> => {
    const connection = await connect({ path: where })
    try {
      return work(connection)
    } finally {
      connection.close()
    }
  }
  return {
    engine: 'sqlite',
    where,
    bring: (steps) => using((connection) => migrate(connection, 1, migrations.slice(0, steps))),
    query: (sql) => using((connection) => connection.query(sql)),
  }
}

export function inPostgresAt(where: string): Migrated {
  const using = async <T>(work: (connection: Awaited<ReturnType<typeof connectPostgres>>) => Promise<T>): Promise<T> => {
    const connection = await connectPostgres({ url: where }, 'proof')
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  }
  return {
    engine: 'postgres',
    where,
    bring: (steps) => using((connection) => migratePostgres(connection, 1, migrations.slice(0, steps))),
    query: (sql) => using((connection) => connection.query(sql)),
  }
}

/** Statements of a step, by which the process may die: behind its tables, behind its name, behind its commit. */
export const points = 3

/** How many statements a process makes until it is behind that point of that step, where so many steps are done already. */
function statementsTo({ engine }: Migrated, done: number, step: number, point: number): number {
  // a step that is done costs SQLite three, and PostgreSQL none
  if (engine === 'sqlite') return 1 + 3 * done + 5 * (step - done) + 3 + point
  return 3 + 3 * (step - done) + 1 + point
}

/** A process migrates until it dies there. Gives how it ended. */
export async function dieMigrating(of: Migrated, step: number, point: number, torn = false): Promise<number | NodeJS.Signals | null> {
  const done = await stepsDone(of)
  const words = [of.engine, of.where, String(statementsTo(of, done, step, point)), ...(torn ? ['torn'] : [])]
  const child = spawn(process.execPath, [new URL('migrating.mjs', import.meta.url).pathname, ...words], { stdio: 'ignore' })
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return status ?? signal
}

export async function stepsDone({ query }: Migrated): Promise<number> {
  return (await query('select name from migrations').catch(() => [])).length
}

/** Every column and index that is there, in words. */
export async function shapeOf({ engine, query }: Migrated): Promise<readonly string[]> {
  const rows =
    engine === 'sqlite'
      ? await query("select type, name, coalesce(sql, '') as words from sqlite_schema where name <> 'migrations' order by name")
      : await query(
          `select 'column' as type, table_name as name, column_name || ' ' || data_type as words from information_schema.columns
          where table_schema = 'public' and table_name <> 'migrations'
          union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public' and tablename <> 'migrations'
          union all select 'trigger', trigger_name, action_statement from information_schema.triggers order by 1, 2, 3`,
        )
  return rows.map(({ type, name, words }) => `${type} ${name} ${words}`)
}
