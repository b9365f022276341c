import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { createStorage, type Storage } from 'unstorage'
import fsDriver from 'unstorage/drivers/fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openArchive } from '../../src/store/archive.ts'

const folder = await mkdtemp(join(tmpdir(), 'rappel-archive-'))
afterAll(() => rm(folder, { recursive: true }))

let opened = 0
const nextBase = () => join(folder, String(opened++))
const onDisk = (base: string): Storage => createStorage({ driver: fsDriver({ base }) })

const canary = new TextEncoder().encode('PID|1||4711||Canari^Jeanne\r')

const files = async (base: string) => {
  const entries = await readdir(base, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** What an attacker with the disk can do. */
async function alter(storage: Storage, change: (blob: Buffer) => Uint8Array): Promise<void> {
  for (const key of await storage.getKeys()) {
    const blob = await storage.getItemRaw<Buffer>(key)
    if (blob) await storage.setItemRaw(key, change(Buffer.from(blob)))
  }
}

describe.each([
  ['in clear, on disk', {}, () => onDisk(nextBase())],
  ['sealed, on disk', { key: 'the store’s key' }, () => onDisk(nextBase())],
  ['sealed, in memory', { key: 'the store’s key' }, () => createStorage()],
])('an archive %s', (_, key, storageOf) => {
  test('gives back every body it was given, whatever its id', () => {
    const archive = openArchive({ storage: storageOf(), ...key })
    return fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 3_000 }), async (id, body) => {
        await archive.put(id, body)
        expect(await archive.get(id)).toEqual(body)
      }),
      {
        numRuns: 30,
        examples: [
          ['../../etc/passwd', canary],
          ['a:b', canary],
          ['', new Uint8Array(0)],
        ],
      },
    )
  })

  test('has nothing under an id it was not given', async () => {
    const archive = openArchive({ storage: storageOf(), ...key })
    expect(await archive.get('01')).toBeUndefined()
    await archive.close()
  })

  test.each<[string, (blob: Buffer) => Uint8Array]>([
    ['its last byte is changed', (blob) => blob.fill((blob.at(-1) ?? 0) ^ 1, blob.length - 1)],
    ['its first byte is changed', (blob) => blob.fill(9, 0, 1)],
    ['a byte of its header is changed', (blob) => blob.fill((blob[5] ?? 0) ^ 1, 5, 6)],
    ['it is cut short', (blob) => blob.subarray(0, -1)],
    ['it is emptied', () => Buffer.of(0)],
  ])('refuses a blob when %s', async (_change, change) => {
    const storage = storageOf()
    const archive = openArchive({ storage, ...key })
    await archive.put('01', canary)
    await alter(storage, change)
    await expect(archive.get('01')).rejects.toThrow('refuses 01')
  })

  test('refuses a blob that was moved to another id', async () => {
    const storage = storageOf()
    const archive = openArchive({ storage, ...key })
    await archive.put('01', canary)
    await archive.put('02', new Uint8Array(3))
    const [one, two] = await storage.getKeys()
    const blobs = [await storage.getItemRaw(one ?? ''), await storage.getItemRaw(two ?? '')]
    await storage.setItemRaw(one ?? '', blobs[1])
    await storage.setItemRaw(two ?? '', blobs[0])
    await expect(archive.get('01')).rejects.toThrow('refuses 01')
    await expect(archive.get('02')).rejects.toThrow('refuses 02')
  })
})

test('on disk, sealed, no byte of a body is to be read', async () => {
  const [plain, sealed] = [nextBase(), nextBase()]
  await openArchive({ storage: onDisk(plain) }).put('01', canary)
  await openArchive({ storage: onDisk(sealed), key: 'the store’s key' }).put('01', canary)
  const holds = async (base: string) => Promise.all((await files(base)).map(async (file) => (await readFile(file)).includes('Canari')))
  expect(await holds(plain)).toEqual([true])
  expect(await holds(sealed)).toEqual([false])
})

test.each([
  ['another key', { key: 'another key' }, 'the key is another one'],
  ['no key', {}, 'no key is configured'],
])('what was sealed does not open with %s', async (_, key, why) => {
  const storage = createStorage()
  await openArchive({ storage, key: 'the store’s key' }).put('01', canary)
  await expect(openArchive({ storage, ...key }).get('01')).rejects.toThrow(why)
})

test('what lies in clear is not taken for sealed: nobody slips a body in', async () => {
  const storage = createStorage()
  await openArchive({ storage }).put('01', canary)
  await expect(openArchive({ storage, key: 'the store’s key' }).get('01')).rejects.toThrow('not sealed here')
})

test('a body that the storage did not keep whole is not taken for archived', async () => {
  const storage = createStorage()
  const torn: Storage = { ...storage, setItemRaw: (key) => storage.setItemRaw(key, Buffer.alloc(20)) }
  await expect(openArchive({ storage: torn }).put('01', canary)).rejects.toThrow('did not keep 01')
})
