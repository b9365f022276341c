import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { createInterface } from 'node:readline'
import { hashFile } from './manifest.ts'

export interface CopiedArchive {
  readonly files: number
  readonly bytes: number
}

export type Progress = (done: number, total: number) => void

/**
 * Copies every file of the archive and lists each with its SHA-256. Made after the copy of the store: a body leaves the store only once the
 * archive has it, so that whatever the copy calls archived is there.
 */
export async function copyArchive(
  from: string,
  to: string,
  list: string,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<CopiedArchive> {
  const paths = await filesIn(from)
  await mkdir(to, { recursive: true, mode: 0o700 })
  const lines = await open(list, 'wx', 0o600)
  let [bytes, files] = [0, 0]
  try {
    for (const path of paths) {
      signal.throwIfAborted()
      const body = await readIfThere(join(from, path))
      // forgotten since it was listed
      if (!body) continue
      await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 })
      await writeFile(join(to, path), body, { mode: 0o600, flag: 'wx' })
      await lines.write(`${createHash('sha256').update(body).digest('hex')}  ${path.split(sep).join('/')}\n`)
      bytes += body.length
      files += 1
      progress(files, paths.length)
    }
    await lines.sync()
  } finally {
    await lines.close()
  }
  return { files, bytes }
}

/** What of a list is not as it was copied; the first twenty. */
export async function archiveFaults(
  folder: string,
  list: string,
  files: number,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<readonly string[]> {
  const faults: string[] = []
  let seen = 0
  for await (const line of createInterface({ input: createReadStream(list) })) {
    signal.throwIfAborted()
    const [, hash = '', path = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    const isOurs = path !== '' && !path.startsWith('/') && !path.split('/').includes('..')
    if (!isOurs || (await hashOrNone(join(folder, path))) !== hash) faults.push(`archive: ${isOurs ? path : 'a line of its list'}`)
    if (faults.length >= 20) return faults
    seen += 1
    progress(seen, files)
  }
  return seen === files ? faults : [...faults, `archive: ${seen} files, not ${files}`]
}

/** Every file below, by its path from there; none where there is no such folder. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.flatMap((entry) => (entry.isFile() ? [relative(folder, join(entry.parentPath, entry.name))] : [])).sort()
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function hashOrNone(path: string): Promise<string | undefined> {
  try {
    return await hashFile(path)
  } catch {
    return undefined
  }
}
