import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type Libsql from 'libsql'

/** Far above the number of queries there are: only a query whose text depends on its values could fill it. */
const maxStatements = 500

/** Prepares each statement once. Kysely would prepare it at every call, which costs more than running it. */
export function cacheStatements(database: InstanceType<typeof Libsql>): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    prepare(sql) {
      const known = statements.get(sql)
      if (known) return known
      if (statements.size >= maxStatements) statements.clear()
      const statement = checked(database.prepare(sql))
      statements.set(sql, statement)
      return statement
    },
    close() {
      statements.clear()
      database.close()
    },
  }
}

function checked(statement: ReturnType<InstanceType<typeof Libsql>['prepare']>): SqliteStatement {
  const { reader } = statement
  return {
    reader,
    all: (parameters) => statement.all(bindable(parameters)),
    run: (parameters) => statement.run(bindable(parameters)),
    iterate: (parameters) => statement.iterate(bindable(parameters)),
  }
}

/** libsql ends the process on a boolean, and makes NULL of undefined and of NaN. */
function bindable(parameters: readonly unknown[]): readonly unknown[] {
  for (const parameter of parameters) {
    if (typeof parameter === 'string' || parameter === null || parameter instanceof Uint8Array) continue
    if (typeof parameter === 'number' && Number.isFinite(parameter)) continue
    throw new TypeError(`cannot bind ${typeof parameter} to a statement`)
  }
  return parameters
}
