import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Its file; written last, so that a folder without one is no backup. */
export const MANIFEST = 'manifest.json'
export const STORE_FILE = 'rappel.db'
export const ARCHIVE_FOLDER = 'archive'
/** Lines as `sha256sum` writes them, so that `sha256sum -c` reads them too. */
export const ARCHIVE_LIST = 'archive.sha256'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

const manifestSchema = z.object({
  format: z.literal('rappel-backup/1'),
  madeAt: z.iso.datetime({ precision: -1, offset: false }).or(z.iso.datetime()),
  program: z.string(),
  /** The last migration of the store. */
  schema: z.string(),
  /** The last row of the audit: nothing before it can have been changed since. */
  audit: z.object({ seq: count, hash: z.string() }),
  encrypted: z.boolean(),
  store: z.object({ bytes: count, sha256 }),
  /** `directory`: it was not copied, and lies there. */
  archive: z.discriminatedUnion('included', [
    z.object({ included: z.literal(true), files: count, bytes: count, sha256 }),
    z.object({ included: z.literal(false), directory: z.string() }),
  ]),
})

export type Manifest = z.output<typeof manifestSchema>

/** Undefined: there is none, or it is not one of ours. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')))
  } catch {
    return undefined
  }
}

export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, signal ? { signal } : {})) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

export async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size
}
