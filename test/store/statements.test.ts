import { expect, test } from 'vitest'
import { connect } from '../../src/store/sqlite-connection.ts'
import { aFolder } from './open-files.ts'

const { nextPath } = await aFolder()

test.each([
  ['a boolean, on which libsql ends the process', true],
  ['undefined, of which it makes NULL', undefined],
  ['no number, of which it makes NULL', Number.NaN],
  ['an object', {}],
])('a statement is not given %s', async (_, value) => {
  const connection = await connect({ path: nextPath() })
  expect(() => connection.query('select ? as given', [value])).toThrow(TypeError)
  connection.close()
})

test('a cached statement works again after it failed', async () => {
  const connection = await connect({ path: nextPath() })
  connection.script('create table t (id text primary key)')
  const insert = (id: string) => connection.query('insert into t values (?) returning id', [id])
  insert('a')
  expect(() => insert('a')).toThrow('UNIQUE')
  expect(insert('b')).toMatchObject([{ id: 'b' }])
  connection.close()
})
