import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite, type SqliteOptions } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'

/** The file of a store that holds nothing, by its key: its tables are made once in a process, and copied for each test. */
const emptied = new Map<string | undefined, Promise<Buffer>>()

/** A new store at a path where there is none. */
export async function openEmpty(options: SqliteOptions): Promise<Store> {
  const { path, encryptionKey } = options
  const bytes = emptied.get(encryptionKey) ?? empty(encryptionKey)
  emptied.set(encryptionKey, bytes)
  await writeFile(path, await bytes, { flag: 'wx', mode: 0o600 })
  return openSqlite(options)
}

async function empty(encryptionKey: string | undefined): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-empty-'))
  const path = join(folder, 'rappel.db')
  await (await openSqlite({ path, ...(encryptionKey !== undefined && { encryptionKey }) })).close()
  const bytes = await readFile(path)
  await rm(folder, { recursive: true })
  return bytes
}
