// Brings a database to what this program expects, and dies as by `kill -9` behind one of its statements:
// node migrating.mjs sqlite|postgres <file or address> <how many statements> [torn]   torn: without transactions, which is the broken variant
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [engine, where, last, torn] = process.argv.slice(2)
const load = (path) => import(pathToFileURL(resolve('dist/store', path)).href)
const { migrate, migrations } = await load('migrate.js')
let left = Number(last)

function spent() {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

/** `begin; create table …` loses its first word. */
const whole = (sql) => (torn ? sql.replace(/^begin( immediate)?;? ?|^commit$/, '') || 'select 1' : sql)

if (engine === 'sqlite') {
  const { connect } = await load('sqlite-connection.js')
  const connection = await connect({ path: where })
  const counted = (method) => (sql, values) => {
    const result = connection[method](whole(sql), values)
    spent()
    return result
  }
  migrate({ ...connection, exec: counted('exec'), script: counted('script'), query: counted('query') }, 1, migrations)
} else {
  const { connectPostgres } = await load('postgres/connection.js')
  const { migratePostgres } = await load('postgres/migrate.js')
  const connection = await connectPostgres({ url: where }, 'migrating')
  const counted = (method) => async (sql, values) => {
    const result = await connection[method](whole(sql), values)
    spent()
    return result
  }
  await migratePostgres({ ...connection, script: counted('script'), query: counted('query') }, 1, migrations)
  await connection.close()
}
