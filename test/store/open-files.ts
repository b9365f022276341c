import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqliteDatabase } from 'kysely'
import { afterAll } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { type SqliteOptions, sqliteStore } from '../../src/store/sqlite.ts'
import { type Connection, connect } from '../../src/store/sqlite-connection.ts'
import type { Store } from '../../src/store/store.ts'

/** A folder that goes when the tests of the file are done. */
export async function aFolder(): Promise<{ readonly folder: string; nextPath(): string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-store-'))
  afterAll(() => rm(folder, { recursive: true }))
  let given = 0
  return { folder, nextPath: () => join(folder, `${given++}.db`) }
}

/** A store whose connections the test holds too, and whose written statements it sees. */
export async function openWatched(
  path: string,
  options: Omit<SqliteOptions, 'path'> = {},
): Promise<{ readonly store: Store; readonly writer: Connection; readonly statements: string[] }> {
  const statements: string[] = []
  const writer = await connect({ path, watch: (database) => watched(database, statements) })
  migrate(writer, 0)
  statements.length = 0
  const reader = await connect({ path, readonly: true })
  return { store: sqliteStore({ writer, reader }, options), writer, statements }
}

function watched(database: SqliteDatabase, statements: string[]): SqliteDatabase {
  return {
    prepare(sql) {
      const statement = database.prepare(sql)
      const seen =
        <T>(run: (parameters: readonly unknown[]) => T) =>
        (parameters: readonly unknown[]) => {
          statements.push(sql)
          return run(parameters)
        }
      return { reader: statement.reader, all: seen(statement.all), run: seen(statement.run), iterate: seen(statement.iterate) }
    },
    close: () => database.close(),
  }
}
