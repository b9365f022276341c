import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { type Migration, migrations } from '../../../src/store/migrate.ts'
import { connectPostgres } from '../../../src/store/postgres/connection.ts'
import { inPostgres } from '../../../src/store/postgres/ddl.ts'
import { migratePostgres } from '../../../src/store/postgres/migrate.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { aBareDatabase, isWithoutPostgres, query } from '../../support/postgres/databases.ts'
import { nine } from '../samples.ts'

async function migrateTo(url: string, steps: readonly Migration[]): Promise<void> {
  const connection = await connectPostgres({ url }, 'test')
  try {
    await migratePostgres(connection, 1, steps)
  } finally {
    await connection.close()
  }
}

const columnsOf = (url: string) =>
  query(
    url,
    `select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' and table_name not in ('migrations', 'audit_head') and is_generated = 'NEVER' order by table_name, ordinal_position`,
  )

/** A row with just these columns, as a program writes that knows no others. */
function rowOf(columns: readonly Record<string, unknown>[], seed: number): { readonly names: string; readonly values: string } {
  const value = (type: unknown) => (type === 'bigint' ? String(seed) : type === 'bytea' ? "'\\x01'" : `'["${seed}"]'`)
  return {
    names: columns.map(({ column_name }) => `"${String(column_name)}"`).join(', '),
    values: columns.map(({ data_type }) => value(data_type)).join(', '),
  }
}

describe.skipIf(isWithoutPostgres)('the tables of a database', () => {
  test('are brought up by whichever node comes first, and by one alone (R35)', { timeout: 60_000 }, async () => {
    const url = await aBareDatabase()
    const stores = await Promise.all([1, 2, 3].map(() => openPostgres({ url, poolSize: 3 })))
    expect((await query(url, 'select name from migrations')).length).toBe(migrations.length)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('are whole or not there after each step, wherever it is cut off (R35)', async () => {
    const url = await aBareDatabase()
    const first: Migration = { name: '1', sql: 'create table a (id text not null primary key);' }
    const broken: Migration = { name: '2', sql: 'create table b (id text); create table a (id text);' }
    await expect(migrateTo(url, [first, broken])).rejects.toThrow('already exists')
    expect(await query(url, "select tablename from pg_tables where tablename in ('a', 'b')")).toEqual([{ tablename: 'a' }])
    await migrateTo(url, [first, { name: '2', sql: 'create table b (id text);' }])
    expect(await query(url, 'select name from migrations order by name')).toEqual([{ name: '1' }, { name: '2' }])
  })

  test('that a newer program made are refused, and untouched', async () => {
    const url = await aBareDatabase()
    await migrateTo(url, [{ name: '9999-later', sql: 'create table later (id text);' }])
    await expect(openPostgres({ url })).rejects.toThrow('newer version of this program (9999-later)')
  })

  test('take what the program before the last step writes and reads: steps only add (N−1)', { timeout: 60_000 }, async () => {
    const url = await aBareDatabase()
    // the first that a database ever had
    const before = migrations.slice(0, Math.max(migrations.length - 1, migrations.findIndex(({ name }) => name === '0014-nodes') + 1))
    await migrateTo(url, before)
    const known = await columnsOf(url)
    await migrateTo(url, migrations)
    for (const table of new Set(known.map(({ table_name }) => String(table_name)))) {
      const columns = known.filter(({ table_name }) => table_name === table)
      const { names, values } = rowOf(columns, 7)
      await query(url, `insert into "${table}" (${names}) values (${values}) on conflict do nothing`)
      expect(await query(url, `select ${names} from "${table}"`), table).not.toEqual([])
    }
    const store = await openPostgres({ url, poolSize: 3 })
    await store.transact((tx) => tx.audit.append({ at: nine, actor: 'a', action: 'b', subject: 'c' }))
    await store.close()
  })

  test.each([
    [
      'integer, text and blob',
      'create table a (id text not null primary key, at integer, text text, body blob not null);',
      'create table a (id text collate "C" not null primary key, at bigint, text text collate "C", body bytea not null);',
    ],
    [
      'what only SQLite says',
      'create table a (id text, primary key (id)) without rowid;',
      'create table a (id text collate "C", primary key (id));',
    ],
    [
      'changes of rows, which no database had',
      "alter table a add column b integer;\nupdate a set b = json_extract(doc, '$.b');\n",
      'alter table a add column b bigint;\n\n',
    ],
  ])('are said in PostgreSQL’s words: %s', (_, sqlite, postgres) => {
    expect(inPostgres(sqlite)).toBe(postgres)
  })

  test('hold leases by the database’s clock, not the node’s', async () => {
    const url = await aBareDatabase()
    const store = await openPostgres({ url, poolSize: 3, now: () => Temporal.Instant.from('1999-01-01T00:00:00Z') })
    expect(await store.cluster?.lease('once').hold()).toBe(true)
    const [row] = await query(url, "select expires_at > extract(epoch from now()) * 1000000 as later from leases where name = 'once'")
    expect(row?.later).toBe(true)
    await store.close()
  })
})
