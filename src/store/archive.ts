import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto'
import type { Storage } from 'unstorage'
import type { Archive } from './port/archive.ts'

export interface ArchiveOptions {
  /** Files, S3, Azure Blob, Redis …: whatever unstorage drives. Closed with the archive. */
  readonly storage: Storage
  /** The store's key: the archive's own is derived from it. Absent: bodies lie in clear, only checked for damage. */
  readonly key?: string
}

interface Envelope {
  seal(id: string, body: Uint8Array): Uint8Array
  /** Throws on a blob that is damaged, edited, or another id's. */
  open(id: string, blob: Uint8Array): Uint8Array
}

export function openArchive(options: ArchiveOptions): Archive {
  const { storage } = options
  const envelope = options.key === undefined ? clear : sealed(scryptSync(options.key, 'rappel archive', 32))
  return {
    async put(id, body) {
      const blob = envelope.seal(id, body)
      await storage.setItemRaw(keyOf(id), blob)
      // The store drops its own copy next, and a write of a file is not atomic.
      const kept = toBytes(await storage.getItemRaw(keyOf(id)))
      if (!kept || Buffer.compare(kept, blob) !== 0) throw new Error(`the archive did not keep ${id}`)
    },
    async get(id) {
      const blob = toBytes(await storage.getItemRaw(keyOf(id)))
      return blob && envelope.open(id, blob)
    },
    async remove(id) {
      await storage.removeItem(keyOf(id))
    },
    async close() {
      await storage.dispose()
    },
  }
}

/** Safe in every driver (no separator, dot or case), and spread over 256 folders. */
function keyOf(id: string): string {
  const name = createHash('sha256').update(id).digest('hex')
  return `envelopes:${name.slice(0, 2)}:${name.slice(2)}`
}

/** Drivers give a Buffer, an ArrayBuffer or a view, and null where there is nothing. */
function toBytes(stored: unknown): Uint8Array | undefined {
  if (stored === null || stored === undefined) return undefined
  if (stored instanceof Uint8Array) return stored
  if (stored instanceof ArrayBuffer) return new Uint8Array(stored)
  throw new Error('the archive gave back something that is no blob')
}

const inClear = 1
const aes256gcm = 2
const checksumBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** `1`, SHA-256 of id and body, body. */
const clear: Envelope = {
  seal: (id, body) => Buffer.concat([Buffer.of(inClear), checksum(id, body), body]),
  open(id, blob) {
    if (blob[0] === aes256gcm) throw refused(id, 'it is sealed, and no key is configured')
    const body = blob.subarray(1 + checksumBytes)
    const intact = blob[0] === inClear && checksum(id, body).equals(blob.subarray(1, 1 + checksumBytes))
    if (!intact) throw refused(id, 'it is not as it was written')
    return Uint8Array.from(body)
  },
}

function checksum(id: string, body: Uint8Array): Buffer {
  return createHash('sha256').update(`${id}\n`).update(body).digest()
}

/** `2`, nonce, tag, AES-256-GCM of the body; the id is authenticated with it, so that a blob moved to another id does not open. */
function sealed(key: Buffer): Envelope {
  return {
    seal(id, body) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
      const text = Buffer.concat([cipher.update(body), cipher.final()])
      return Buffer.concat([Buffer.of(aes256gcm), nonce, cipher.getAuthTag(), text])
    },
    open(id, blob) {
      if (blob[0] !== aes256gcm || blob.length < 1 + nonceBytes + tagBytes) throw refused(id, 'it was not sealed here')
      const tagAt = 1 + nonceBytes
      const textAt = tagAt + tagBytes
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(1, tagAt), { authTagLength: tagBytes })
          .setAAD(Buffer.from(id))
          .setAuthTag(blob.subarray(tagAt, textAt))
        return Uint8Array.from(Buffer.concat([decipher.update(blob.subarray(textAt)), decipher.final()]))
      } catch (cause) {
        throw refused(id, 'it is not as it was sealed, or the key is another one', cause)
      }
    },
  }
}

function refused(id: string, why: string, cause?: unknown): Error {
  return new Error(`the archive refuses ${id}: ${why}`, { cause })
}
