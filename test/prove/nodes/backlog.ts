import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openPostgres } from '../../../src/store/postgres.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import type { Store } from '../../../src/store/store.ts'
import { aNotification, minutes, nine } from '../../store/samples.ts'
import { aServer } from './database.ts'

/** A store in which very many messages wait, each for a time that has not come. */
export interface Backlog {
  readonly name: string
  readonly store: Store
  /** Until so many wait. */
  growTo(count: number): Promise<void>
  /** So many more whose time has come. */
  addDue(count: number): Promise<void>
  /** How the database goes about looking for what is due. */
  plan(): Promise<string>
  dropIndex(): Promise<void>
}

const template = aNotification('tilleuls:T')
const due = nine.epochMilliseconds * 1_000
/** A second apart, from an hour after the others. */
const later = due + 3_600_000_000

/** What waits is short, since nobody reads it; what is due is as long as it is. */
const waiting = (number: string, series: string) => `
insert into notifications (id, clinic_id, appointment_id, pending_at, state, changed_at, doc)
select 'tilleuls:W' || ${number} || ':reminder:PT36H', 'clinic' || ${number} % 10000, 'tilleuls:W' || ${number}, ${later} + ${number} * 1000000, 'planned', ${due}, '{}' ${series}`
const soon = (number: string, series: string) => `
insert into notifications (id, clinic_id, appointment_id, pending_at, state, changed_at, doc)
select 'tilleuls:D' || ${number}, 'tilleuls', 'tilleuls:D' || ${number}, ${due}, 'planned', ${due}, (select doc from notifications where id = '${template.id}') ${series}`

const look = `select doc from notifications where pending_at <= ${due} order by pending_at limit 100`

/** Runs of statements, each a number to start behind and one to end with. */
function grower(run: (sql: string) => Promise<unknown>, series: (from: number, to: number) => readonly [number: string, from: string]) {
  let [kept, made] = [0, 0]
  return {
    async growTo(count: number) {
      if (count > kept) await run(waiting(...series(kept + 1, count)))
      kept = Math.max(kept, count)
      await run('analyze notifications')
    },
    async addDue(count: number) {
      await run(soon(...series(made + 1, made + count)))
      made += count
    },
  }
}

export async function inPostgres(): Promise<Backlog> {
  const server = await aServer(['max_wal_size=8GB', 'maintenance_work_mem=256MB'])
  const database = await server.create()
  const store = await openPostgres({ url: server.addressOf(database), poolSize: 3 })
  onTestFinished(() => store.close())
  await store.transact((tx) => tx.notifications.save({ ...template, dueAt: minutes(10_000) }))
  // figures and their triggers are not what is measured
  const run = (sql: string) => server.query(database, `set session_replication_role = replica; ${sql}`)
  return {
    name: 'PostgreSQL',
    store,
    ...grower(run, (from, to) => ['n', `from generate_series(${from}::bigint, ${to}) as n`]),
    plan: async () => (await server.query(database, `explain ${look}`)).map((row) => String(row['QUERY PLAN'])).join(' '),
    dropIndex: async () => void (await run('drop index notifications_pending')),
  }
}

export async function inSqlite(): Promise<Backlog> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-prove-'))
  const path = join(folder, 'rappel.db')
  const store = await openSqlite({ path })
  const beside = await connect({ path })
  onTestFinished(async () => {
    beside.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  await store.transact((tx) => tx.notifications.save({ ...template, dueAt: minutes(10_000) }))
  const run = async (sql: string) => beside.exec(sql)
  return {
    name: 'SQLite',
    store,
    ...grower(run, (from, to) => [
      'n',
      `from (with recursive c(n) as (select ${from} union all select n + 1 from c where n < ${to}) select n from c)`,
    ]),
    plan: async () =>
      beside
        .query(`explain query plan ${look}`)
        .map(({ detail }) => String(detail))
        .join(' '),
    dropIndex: async () => beside.exec('drop index notifications_pending'),
  }
}
