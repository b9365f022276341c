import { fromWide } from './charset.ts'
import type { Delimiters } from './delimiters.ts'
import { readDelimiters } from './delimiters.ts'

/** The first MSH, byte for byte: each character is one byte (latin-1), so that MSH-10 can be echoed as it came. */
export interface Header {
  readonly delimiters: Delimiters
  /** `fields[n]` is MSH-n. */
  readonly fields: readonly string[]
}

const CR = 0x0d
const LF = 0x0a
const HEADER_LIMIT = 64 * 1024

function isPadding(byte: number | undefined): boolean {
  return byte === CR || byte === LF || byte === 0x20 || byte === 0x00 || byte === 0x0b
}

/** Without a byte order mark, blank lines, and MLLP framing bytes left around the body (HOH-3). */
export function unwrap(body: Uint8Array): Buffer {
  const bytes = fromWide(body)
  let start = 0
  let end = bytes.length
  for (;;) {
    if (isPadding(bytes[start])) start += 1
    else if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3
    else break
  }
  while (end > start && (isPadding(bytes[end - 1]) || bytes[end - 1] === 0x1c)) end -= 1
  return Buffer.from(bytes.buffer, bytes.byteOffset + Math.min(start, end), Math.max(end - start, 0))
}

function startsWith(bytes: Buffer, name: string): boolean {
  return [0, 1, 2].every((at) => bytes[at] === name.charCodeAt(at))
}

/** Where the first MSH begins: at once, or after the headers of a batch; -1 where there is none. */
function findHeader(bytes: Buffer): number {
  if (startsWith(bytes, 'MSH')) return 0
  if (!startsWith(bytes, 'FHS') && !startsWith(bytes, 'BHS')) return -1
  const candidates = [bytes.indexOf('\rMSH', 0, 'latin1'), bytes.indexOf('\nMSH', 0, 'latin1')].filter((at) => at !== -1)
  return candidates.length === 0 ? -1 : Math.min(...candidates) + 1
}

/** Undefined: there is no MSH, so nobody can be told apart, let alone answered by name. */
export function readHeader(body: Uint8Array, bytes = unwrap(body)): Header | undefined {
  const start = findHeader(bytes)
  if (start === -1) return undefined
  const limited = bytes.subarray(start, start + HEADER_LIMIT)
  const line = limited.toString('latin1', 0, endOfLine(limited))
  const delimiters = readDelimiters(line)
  if (!delimiters) return undefined
  const [name = 'MSH', ...rest] = line.split(delimiters.field)
  return { delimiters, fields: [name, delimiters.field, ...rest] }
}

function endOfLine(bytes: Buffer): number {
  const cr = bytes.indexOf(CR)
  const lf = bytes.subarray(0, cr === -1 ? bytes.length : cr).indexOf(LF)
  if (lf !== -1) return lf
  return cr === -1 ? bytes.length : cr
}

/** A component of MSH-n, trimmed; empty where there is none. */
export function headerValue(header: Header, field: number, component = 1): string {
  return (header.fields[field]?.split(header.delimiters.component)[component - 1] ?? '').trim()
}
