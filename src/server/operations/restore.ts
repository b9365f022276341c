import { copyFile, cp, link, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { archiveFaults, type Progress } from './archive-copy.ts'
import { flush } from './backup.ts'
import { ARCHIVE_FOLDER, ARCHIVE_LIST, hashFile, type Manifest, readManifest, STORE_FILE } from './manifest.ts'
import type { StoreTools } from './store-tools.ts'

export interface Verified {
  readonly manifest?: Manifest
  /** None: it restores. */
  readonly faults: readonly string[]
}

interface Watched {
  readonly signal: AbortSignal
  readonly progress: Progress
}

/** Looks a backup through: every hash, the database's own check, the audit's chain and its last row (R34). Writes nothing. */
export async function verifyBackup(folder: string, tools: Pick<StoreTools, 'inspect'>, watched: Watched): Promise<Verified> {
  const manifest = await readManifest(folder)
  if (!manifest) return { faults: ['there is no manifest: it is no backup, or one that did not come to its end'] }
  const store = join(folder, STORE_FILE)
  if ((await hashFile(store, watched.signal).catch(() => '')) !== manifest.store.sha256)
    return { manifest, faults: [`${STORE_FILE} is not as it was written`] }
  return { manifest, faults: [...(await storeFaults(store, manifest, tools)), ...(await archivesFaults(folder, manifest, watched))] }
}

async function storeFaults(store: string, manifest: Manifest, tools: Pick<StoreTools, 'inspect'>): Promise<readonly string[]> {
  try {
    const { schema, auditHead, auditFaults, damage } = await tools.inspect(store)
    const { seq, hash } = manifest.audit
    return [
      ...damage.map((line) => `the database is damaged: ${line}`),
      ...auditFaults.slice(0, 1).map((fault) => `the audit is not whole from row ${fault.seq}: ${fault.fault}`),
      ...(auditHead.seq === seq && auditHead.hash === hash ? [] : ['the audit ends with another row than the manifest says']),
      ...(schema === manifest.schema ? [] : [`the store is of schema ${schema}, not ${manifest.schema}`]),
    ]
  } catch {
    return [manifest.encrypted ? 'it does not open with store.key' : 'it does not open: it is no store']
  }
}

async function archivesFaults(folder: string, { archive }: Manifest, watched: Watched): Promise<readonly string[]> {
  if (!archive.included) return []
  const list = join(folder, ARCHIVE_LIST)
  if ((await hashFile(list).catch(() => '')) !== archive.sha256) return [`${ARCHIVE_LIST} is not as it was written`]
  return archiveFaults(join(folder, ARCHIVE_FOLDER), list, archive.files, watched)
}

export interface RestoreAsked extends Watched {
  readonly tools: StoreTools
  readonly from: string
  readonly storePath: string
  readonly archiveDirectory: string
  readonly now: Temporal.Instant
}

export type Restored =
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** A service has the store open. */
  | { readonly kind: 'in use' }
  /** `aside`: where what was there before lies now. */
  | { readonly kind: 'restored'; readonly manifest: Manifest; readonly aside: readonly string[] }

/**
 * Puts a backup in the place of the store, once all of it has been verified. What was there is kept aside. Killed on the way, either the old
 * store or the new one is there, whole, and the same command may be given again. The restored store is held: it sends nothing (R9).
 */
export async function restore(asked: RestoreAsked): Promise<Restored> {
  const { tools, from, storePath, archiveDirectory, now } = asked
  const { manifest, faults } = await verifyBackup(from, tools, asked)
  if (!manifest || faults.length > 0) return { kind: 'refused', reasons: faults }
  const was = (await isThere(storePath)) ? tools.settle(storePath) : 'absent'
  if (was === 'in use') return { kind: 'in use' }
  const stamp = now.toString({ smallestUnit: 'second' }).replaceAll(':', '-')
  const [fresh, freshArchive] = [`${storePath}.restoring`, `${archiveDirectory}.restoring`]
  for (const left of [fresh, `${fresh}-wal`, `${fresh}-shm`, freshArchive]) await rm(left, { recursive: true, force: true })
  await mkdir(dirname(storePath), { recursive: true, mode: 0o700 })
  await copyFile(join(from, STORE_FILE), fresh)
  if (manifest.archive.included) await cp(join(from, ARCHIVE_FOLDER), freshArchive, { recursive: true })
  await tools.markRestored(fresh, { since: now, backupAt: Temporal.Instant.from(manifest.madeAt), state: 'held' })
  const aside = [...(await swapFile(fresh, storePath, `${storePath}.before-${stamp}`))]
  await flush(dirname(storePath))
  if (manifest.archive.included) aside.push(...(await swapFolder(freshArchive, archiveDirectory, `${archiveDirectory}.before-${stamp}`)))
  return { kind: 'restored', manifest, aside }
}

async function swapFolder(fresh: string, place: string, aside: string): Promise<readonly string[]> {
  const wasThere = await isThere(place)
  if (wasThere) await rename(place, aside)
  await rename(fresh, place)
  return wasThere ? [aside] : []
}

/** The old one gets a second name before the new one takes its first: at no instant is there none. */
async function swapFile(fresh: string, place: string, aside: string): Promise<readonly string[]> {
  const kept: string[] = []
  if (await isThere(place)) {
    await link(place, aside).catch(() => copyFile(place, aside))
    kept.push(aside)
  }
  // of a store that could not be opened: beside the new one they would be taken for its own
  for (const suffix of ['-wal', '-shm'])
    if (await isThere(`${place}${suffix}`)) {
      await rename(`${place}${suffix}`, `${aside}${suffix}`)
      kept.push(`${aside}${suffix}`)
    }
  await rename(fresh, place)
  for (const suffix of ['-wal', '-shm']) await rm(`${fresh}${suffix}`, { force: true })
  return kept
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
