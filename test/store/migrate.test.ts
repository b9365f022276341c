import { expect, test } from 'vitest'
import { type Migration, migrate } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { connect } from '../../src/store/sqlite-connection.ts'
import { aFolder } from './open-files.ts'

const { nextPath } = await aFolder()

const first: Migration = { name: '0001-first', sql: "create table a (id text); insert into a values ('kept');" }
const second: Migration = { name: '0002-second', sql: 'alter table a add column b text; create table c (id text);' }
const broken: Migration = { name: '0002-second', sql: 'alter table a add column b text; create table a (id text);' }

test('each step is applied once, in order', async () => {
  const connection = await connect({ path: nextPath() })
  migrate(connection, 1, [first])
  migrate(connection, 2, [first, second])
  migrate(connection, 3, [first, second])
  expect(connection.query('select name, applied_at from migrations')).toMatchObject([
    { name: '0001-first', applied_at: 1 },
    { name: '0002-second', applied_at: 2 },
  ])
  expect(connection.query('select id, b from a')).toMatchObject([{ id: 'kept', b: null }])
  connection.close()
})

test('a step that fails halfway leaves no half, and the steps before it stay', async () => {
  const connection = await connect({ path: nextPath() })
  expect(() => migrate(connection, 1, [first, broken])).toThrow('already exists')
  expect(connection.inTransaction()).toBe(false)
  expect(connection.query('select name from migrations')).toMatchObject([{ name: '0001-first' }])
  migrate(connection, 2, [first, second])
  expect(connection.query('select id, b from a')).toMatchObject([{ id: 'kept', b: null }])
  connection.close()
})

test('a store made by a newer program is refused, and untouched', async () => {
  const path = nextPath()
  const connection = await connect({ path })
  migrate(connection, 1, [first, { name: '9999-later', sql: 'create table later (id text)' }])
  expect(() => migrate(connection, 2, [first, second])).toThrow('newer version of this program (9999-later)')
  expect(connection.query("select name from sqlite_schema where name = 'c'")).toEqual([])
  connection.close()
  await expect(openSqlite({ path })).rejects.toThrow('newer version')
})
