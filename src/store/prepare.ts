import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { Database } from './schema.ts'

/** What a column holds. Never a boolean: libsql ends the process on one. */
export type SqlValue = string | number | Uint8Array | null

interface Plan<R> {
  readonly query: CompiledQuery<R>
  /** Of each parameter of the statement: the name of the value that it takes, or a constant. */
  readonly parameters: readonly ({ readonly name: string } | { readonly constant: unknown })[]
}

const nameOf = Symbol('the name of a value that is bound later')

/**
 * A query that is built and compiled once for each dialect; after that a call only binds (building takes Kysely 15 µs, SQLite's whole insert 6).
 * `build` sees stand-ins for the values: it may pass them on, not look at them.
 */
export function prepare<P extends Readonly<Record<keyof P, SqlValue>>, R>(
  build: (db: Kysely<Database>, values: P) => Compilable<R>,
  marks: { readonly [unheard]?: true } = {},
): (db: Kysely<Database>, values: P) => Promise<QueryResult<R>> {
  const plans = new WeakMap<object, Plan<R>>()
  return (db, values) => {
    const executor = db.getExecutor()
    let plan = plans.get(executor.adapter)
    if (!plan) {
      plan = planOf(build(db, standIns<P>()).compile())
      plans.set(executor.adapter, plan)
    }
    const named = values as Readonly<Record<string, SqlValue>>
    const parameters = plan.parameters.map((parameter) => ('name' in parameter ? named[parameter.name] : parameter.constant))
    const { sql, query, queryId } = plan.query
    return executor.executeQuery<R>({ sql, query, queryId, parameters, ...marks })
  }
}

/** Of a compiled query: nobody looks at its answer. */
export const unheard = Symbol('unheard')

/**
 * As `prepare`, of what only writes, and of which nobody asks how many rows it met. Where the database is at the end of a wire the next statement is sent
 * without waiting for its answer; whether it failed is known before the transaction is kept.
 */
export function prepareWrite<P extends Readonly<Record<keyof P, SqlValue>>>(
  build: (db: Kysely<Database>, values: P) => Compilable<unknown>,
): (db: Kysely<Database>, values: P) => Promise<void> {
  const write = prepare(build, { [unheard]: true })
  return async (db, values) => void (await write(db, values))
}

function standIns<P>(): P {
  return new Proxy({}, { get: (_, name) => Object.freeze({ [nameOf]: String(name) }) }) as P
}

function planOf<R>(query: CompiledQuery<R>): Plan<R> {
  const parameters = query.parameters.map((parameter) =>
    typeof parameter === 'object' && parameter !== null && nameOf in parameter
      ? { name: String(parameter[nameOf]) }
      : { constant: parameter },
  )
  return { query, parameters }
}
