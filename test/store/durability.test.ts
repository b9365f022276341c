import { spawn } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findAuditFaults } from '../../src/store/audit.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { assertDurable, connect } from '../../src/store/sqlite-connection.ts'
import { aFolder, openWatched } from './open-files.ts'
import { aPatient } from './samples.ts'

const { folder, nextPath } = await aFolder()
const key = { encryptionKey: 'a key for the tests' }

describe('a store that is opened', () => {
  test('writes ahead and flushes each commit', async () => {
    const { store, writer } = await openWatched(nextPath())
    expect(writer.query('pragma journal_mode')).toMatchObject([{ journal_mode: 'wal' }])
    expect(writer.query('pragma synchronous')).toMatchObject([{ synchronous: 2 }])
    await store.close()
  })

  test.each([
    ['a journal that is not ahead', 'delete', 2],
    ['commits that are not flushed', 'wal', 1],
  ])('is refused with %s', (_, journal, synchronous) => {
    const query = (sql: string) => [sql.includes('journal') ? { journal_mode: journal } : { synchronous }]
    expect(() => assertDurable(query)).toThrow('not durable')
  })

  test('is refused in memory', async () => {
    await expect(connect({ path: ':memory:' })).rejects.toThrow('not durable')
  })

  test('is refused where there is no folder', async () => {
    await expect(openSqlite({ path: `${folder}/none/store.db` })).rejects.toThrow(`${folder}/none/store.db`)
  })

  test('is refused on a file of something else, which stays as it is', async () => {
    const path = nextPath()
    await writeFile(path, 'dear diary '.repeat(1_000))
    await expect(openSqlite({ path })).rejects.toThrow('it is no store')
    expect(await readFile(path, 'utf8')).toBe('dear diary '.repeat(1_000))
  })

  test('is readable by its owner alone, and so are the files beside it', async () => {
    const path = nextPath()
    await writeFile(path, '', { mode: 0o644 })
    const store = await openSqlite({ path })
    await store.transact((tx) => tx.patients.save(aPatient('1')))
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect((await stat(file)).mode & 0o777).toBe(0o600)
    await store.close()
  })

  test('holds what it held when it was closed, all of it in its one file', async () => {
    const path = nextPath()
    const first = await openSqlite({ path, ...key })
    await first.transact((tx) => tx.patients.save(aPatient('1')))
    await first.close()
    expect((await stat(`${path}-wal`).catch(() => ({ size: 0 }))).size).toBe(0)
    const second = await openSqlite({ path, ...key })
    expect(await second.read((tx) => tx.patients.find('tilleuls:1'))).toEqual(aPatient('1'))
    await second.close()
  })
})

describe('encryption at rest', () => {
  const traces = async (path: string) => {
    const files = await Promise.all([path, `${path}-wal`].map((file) => readFile(file).catch(() => Buffer.alloc(0))))
    return Buffer.concat(files).includes('Canari')
  }

  test('leaves nothing to read in the file or beside it; without a key the same search finds it', async () => {
    const [plain, sealed] = [nextPath(), nextPath()]
    for (const options of [{ path: plain }, { path: sealed, ...key }]) {
      const store = await openSqlite(options)
      await store.transact((tx) => tx.patients.save(aPatient('1', { familyName: 'Canari' })))
      expect(await traces(options.path)).toBe(options.path === plain)
      await store.close()
      expect(await traces(options.path)).toBe(options.path === plain)
    }
  })

  test.each([
    ['no key', {}],
    ['another key', { encryptionKey: 'another key' }],
  ])('does not open with %s', async (_, other) => {
    const path = nextPath()
    await (await openSqlite({ path, ...key })).close()
    await expect(openSqlite({ path, ...other })).rejects.toThrow('the key is another one')
    await (await openSqlite({ path, ...key })).close()
  })
})

const killWriter = fileURLToPath(new URL('./kill-writer.ts', import.meta.url))

describe('a process that is killed', () => {
  /** Kills the writer once it has said so many ids, and gives those it said. */
  async function writeAndKill(path: string, first: number, enough: number): Promise<readonly string[]> {
    const writer = spawn(process.execPath, ['--import', 'tsx', killWriter, path, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said: string[] = []
    for await (const line of createInterface({ input: writer.stdout })) {
      said.push(line)
      if (said.length === enough) writer.kill('SIGKILL')
    }
    return said.filter((line) => line.length === 9)
  }

  test('loses nothing that it said was kept, and leaves nothing half done (R1)', { timeout: 60_000 }, async () => {
    const path = nextPath()
    const said: string[] = []
    for (const [round, enough] of [1, 150, 400].entries()) said.push(...(await writeAndKill(path, round * 1_000_000, enough)))
    expect(said.length).toBeGreaterThanOrEqual(551)

    const { store, writer } = await openWatched(path)
    expect(writer.query('pragma integrity_check')).toMatchObject([{ integrity_check: 'ok' }])
    const scope = writer.openScope()
    expect(await findAuditFaults(scope.db)).toEqual([])
    const missing = await store.read(async (tx) => {
      const lost: string[] = []
      for (const id of said) {
        const whole = (await tx.inbox.find(id)) && (await tx.appointments.find(`tilleuls:${id}`)) && (await tx.audit.of(id, 1))[0]
        if (!whole) lost.push(id)
      }
      return lost
    })
    expect(missing).toEqual([])
    const [inbox, appointments, audit] = ['inbox', 'appointments', 'audit'].map(
      (table) => writer.query(`select count(*) as n from ${table}`)[0]?.n,
    )
    expect(appointments).toBe(inbox)
    expect(audit).toBe(inbox)
    await store.close()
  })
})
