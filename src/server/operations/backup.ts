import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Temporal } from 'temporal-polyfill'
import { copyArchive, type Progress } from './archive-copy.ts'
import { ARCHIVE_FOLDER, ARCHIVE_LIST, hashFile, MANIFEST, type Manifest, STORE_FILE, sizeOf } from './manifest.ts'
import { programVersion } from './program.ts'
import type { StoreTools } from './store-tools.ts'

export interface BackupAsked {
  readonly tools: StoreTools
  /** Where backups are kept; each is a folder of its own in it. */
  readonly into: string
  readonly archive: { readonly directory: string; readonly included: boolean }
  readonly encrypted: boolean
  readonly now: Temporal.Instant
  readonly signal: AbortSignal
  /** Of the archive's files. */
  readonly progress: Progress
}

/** A copy that must not be relied on: the store itself is damaged. */
export class UnsoundStore extends Error {
  override readonly name = 'UnsoundStore'
}

/**
 * Copies the store and its archive while the service runs, looks the copy through, and gives it its name last: a backup that was killed on the
 * way has another name and no manifest (R34). Throws an `UnsoundStore` when the copy is not sound, and leaves nothing.
 */
export async function backUp(asked: BackupAsked): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
  const { into, now } = asked
  const folder = join(into, `rappel-${now.toString({ smallestUnit: 'second' }).replaceAll(':', '-')}`)
  const partial = `${folder}.partial-${randomBytes(4).toString('hex')}`
  await mkdir(partial, { recursive: true, mode: 0o700 })
  try {
    const manifest = await fill(partial, asked)
    await writeDurably(join(partial, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`)
    await flush(partial)
    await rename(partial, folder)
    await flush(dirname(folder))
    return { folder, manifest }
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

async function fill(folder: string, { tools, archive, encrypted, now, signal, progress }: BackupAsked): Promise<Manifest> {
  const store = join(folder, STORE_FILE)
  await tools.copy(store)
  signal.throwIfAborted()
  const { schema, auditHead, auditFaults, damage } = await tools.inspect(store)
  if (damage.length > 0) throw new UnsoundStore(`the store is damaged: ${damage[0]}`)
  if (auditFaults.length > 0) throw new UnsoundStore(`the audit is not whole from row ${auditFaults[0]?.seq}`)
  signal.throwIfAborted()
  const list = join(folder, ARCHIVE_LIST)
  return {
    format: 'rappel-backup/1',
    madeAt: now.toString(),
    program: programVersion,
    schema,
    audit: auditHead,
    encrypted,
    store: { bytes: await sizeOf(store), sha256: await hashFile(store, signal) },
    archive: archive.included
      ? {
          included: true,
          ...(await copyArchive(archive.directory, join(folder, ARCHIVE_FOLDER), list, { signal, progress })),
          sha256: await hashFile(list, signal),
        }
      : { included: false, directory: archive.directory },
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A name is durable once its folder is. */
export async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
