import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { storeToolsOf } from '../../../src/server/compose-operations.ts'
import { backUp } from '../../../src/server/operations/backup.ts'
import { restore, verifyBackup } from '../../../src/server/operations/restore.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import type { Store } from '../../../src/store/store.ts'
import { anAppointment, anInboxRow, aPatient, nine } from '../../store/samples.ts'

const key = 'a key for the tests, of some length'
const quiet = { signal: new AbortController().signal, progress: () => {} }

async function aClinic() {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-backup-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [path, directory, into] = [join(folder, 'rappel.db'), join(folder, 'archive'), join(folder, 'backups')]
  await mkdir(join(directory, 'envelopes', 'ab'), { recursive: true })
  await writeFile(join(directory, 'envelopes', 'ab', 'cd'), 'sealed')
  const store = await openSqlite({ path, encryptionKey: key })
  const tools = storeToolsOf({ store: { path, key } })
  const make = (hour = 0) =>
    backUp({ tools, into, archive: { directory, included: true }, encrypted: true, now: nine.add({ hours: hour }), ...quiet })
  const place = join(folder, 'place', 'rappel.db')
  /** Onto a store that this process has not had open: what it had stays locked until its memory is collected. */
  const put = async (from: string, storePath = place) => {
    await mkdir(join(folder, 'place'), { recursive: true })
    await copyFile(path, place)
    return restore({ tools, from, storePath, archiveDirectory: directory, now: nine.add({ hours: 99 }), ...quiet })
  }
  return { folder, path, place, directory, into, store, tools, make, put }
}

async function write(store: Store, id: string): Promise<void> {
  await store.transact(async (tx) => {
    await tx.inbox.insert(anInboxRow(id, { state: 'applied', settledAt: nine }))
    await tx.appointments.save(anAppointment(id, { envelopeId: id }))
    await tx.patients.save(aPatient(id))
    await tx.audit.append({ at: nine, actor: 'connector:tilleuls', action: 'applied', subject: id, detail: { id } })
  })
}

describe('a backup', () => {
  test('of a store that is written to holds all that was kept before it began, and restores (R34)', async () => {
    const { store, make, put, place, directory } = await aClinic()
    for (let id = 0; id < 20; id += 1) await write(store, `a${id}`)
    const { folder, manifest } = await make()
    await write(store, 'later')
    await store.close()
    expect(manifest.audit.seq).toBe(20)
    expect((await readFile(join(folder, 'rappel.db'))).includes('Jeanne')).toBe(false)
    expect((await stat(join(folder, 'rappel.db'))).mode & 0o777).toBe(0o600)

    await writeFile(join(directory, 'envelopes', 'ab', 'later'), 'sealed later')
    const restored = await put(folder)
    expect(restored.kind).toBe('restored')
    const again = await openSqlite({ path: place, encryptionKey: key })
    const found = await again.read(async (tx) => [await tx.patients.find('tilleuls:a19'), await tx.patients.find('tilleuls:later')])
    expect(found.map(Boolean)).toEqual([true, false])
    expect(await again.read((tx) => tx.restoreHolds.latest())).toMatchObject({ state: 'held', backupAt: nine })
    await again.close()
    expect(await readdir(join(directory, 'envelopes', 'ab'))).toEqual(['cd'])
    const aside = restored.kind === 'restored' ? restored.aside : []
    expect(aside).toHaveLength(2)
    const before = await openSqlite({ path: aside[0] ?? '', encryptionKey: key })
    expect(await before.read((tx) => tx.patients.find('tilleuls:later'))).toBeDefined()
    await before.close()
  })

  test('killed on the way leaves nothing that verifies; every one that came to its end restores (R34)', { timeout: 120_000 }, async () => {
    const { store, tools, path, directory, into } = await aClinic()
    for (let id = 0; id < 400; id += 1) await write(store, `a${id}`)
    for (let id = 0; id < 60; id += 1) await writeFile(join(directory, 'envelopes', `f${id}`), Buffer.alloc(4_096, id))
    const program = fileURLToPath(new URL('back-up.mjs', import.meta.url))
    let kills = 0
    let next = 1_000
    const load = setInterval(() => void write(store, `b${next++}`), 5)
    const killOne = async (): Promise<void> => {
      while (kills < 20) {
        kills += 1
        const after = (kills * 7) % 60
        const child = spawn(process.execPath, [program, path, directory, into, key], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const ended = once(child, 'exit')
        let begun = 0
        for await (const line of createInterface({ input: child.stdout })) {
          if (!/^\d+$/.test(line)) continue
          begun += 1
          // of some the first is killed, of some the second, once the first has come to its end
          if (begun === 1 + (after % 2)) setTimeout(() => child.kill('SIGKILL'), after)
        }
        await ended
      }
    }
    await Promise.all([killOne(), killOne()])
    clearInterval(load)
    await store.close()
    const names = await readdir(into)
    const [whole, partial] = [names.filter((name) => !name.includes('.partial-')), names.filter((name) => name.includes('.partial-'))]
    expect(whole.length).toBeGreaterThanOrEqual(5)
    expect(partial.length).toBeGreaterThan(0)
    for (const name of whole) expect((await verifyBackup(join(into, name), tools, quiet)).faults).toEqual([])
    for (const name of partial) expect((await verifyBackup(join(into, name), tools, quiet)).faults).not.toEqual([])
  })

  test.each([
    ['a bit of the store', (folder: string) => join(folder, 'rappel.db')],
    ['a body of the archive', (folder: string) => join(folder, 'archive', 'envelopes', 'ab', 'cd')],
    ['a line of the archive’s list', (folder: string) => join(folder, 'archive.sha256')],
  ])('of which %s was changed is refused, and nothing is replaced', async (_, place) => {
    const { store, make, put, place: kept } = await aClinic()
    await write(store, 'a1')
    const { folder } = await make()
    await store.close()
    const bytes = await readFile(place(folder))
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1
    await writeFile(place(folder), bytes)
    expect(await put(folder)).toMatchObject({ kind: 'refused' })
    expect(await readdir(dirname(kept))).toEqual(['rappel.db'])
  })

  test('whose audit is not the one it was made with is refused: rows cut off, and the hash made anew', async () => {
    const { store, make, put, tools } = await aClinic()
    await write(store, 'a1')
    const { folder } = await make(0)
    await write(store, 'a2')
    const { folder: newer } = await make(1)
    await store.close()
    const [old, young] = await Promise.all(
      [folder, newer].map(async (each) => JSON.parse(await readFile(join(each, 'manifest.json'), 'utf8'))),
    )
    await writeFile(join(newer, 'manifest.json'), JSON.stringify({ ...young, store: old.store }))
    await writeFile(join(newer, 'rappel.db'), await readFile(join(folder, 'rappel.db')))
    expect((await verifyBackup(newer, tools, quiet)).faults).toEqual(['the audit ends with another row than the manifest says'])
    expect((await put(newer)).kind).toBe('refused')
  })

  test('is not put in the place of a store that a service has open', async () => {
    const { store, make, put, path } = await aClinic()
    const { folder } = await make()
    expect(await put(folder, path)).toEqual({ kind: 'in use' })
    await store.close()
  })

  test('made with another key does not open', async () => {
    const { store, make, path } = await aClinic()
    const { folder } = await make()
    await store.close()
    const tools = storeToolsOf({ store: { path, key: 'another key, of some length as well' } })
    expect((await verifyBackup(folder, tools, quiet)).faults).toEqual(['it does not open with store.key'])
  })
})
