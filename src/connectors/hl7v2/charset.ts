import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** Where the charset of a message may be said, strongest first (V2-ENC-6). */
export interface CharsetHints {
  /** The connector's own word, against whatever the message claims. */
  readonly forced?: string | undefined
  /** Of HL7 over HTTP. */
  readonly mediaType?: string | undefined
  /** MSH-18, first repetition. */
  readonly declared?: string | undefined
  /** Where the message says nothing. */
  readonly otherwise?: string | undefined
}

export interface Charset {
  /** A name iconv-lite knows. */
  readonly name: string
  /** Something was declared that is unknown, or untrue. */
  readonly doubtful: boolean
}

/** HL7 table 0211 and what senders write in its place, lower case, without blanks, `-`, `_` and `/`. `8859/1` is read as windows-1252 for its euro sign and œ. */
const aliases: Readonly<Record<string, string>> = {
  ascii: 'ascii',
  usascii: 'ascii',
  isoir6: 'ascii',
  ...eightBit(),
  windows1252: 'windows-1252',
  cp1252: 'windows-1252',
  latin1: 'windows-1252',
  unicode: 'utf-8',
  unicodeutf8: 'utf-8',
  utf8: 'utf-8',
  unicodeutf16: 'utf-16',
  utf16: 'utf-16',
  unicodeutf32: 'utf-32',
  utf32: 'utf-32',
  gb180302000: 'gb18030',
  gb18030: 'gb18030',
  ksx1001: 'euc-kr',
  cns116431992: 'big5',
  big5: 'big5',
}

function eightBit(): Record<string, string> {
  const names: Record<string, string> = {}
  for (const part of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15]) {
    const name = part === 1 ? 'windows-1252' : `iso-8859-${part}`
    for (const spelling of [`8859${part}`, `iso8859${part}`]) names[spelling] = name
  }
  return names
}

/** Undefined for a charset that cannot be read here. */
function charsetName(label: string): string | undefined {
  if (label.length > 64) return undefined
  const key = label.toLowerCase().replace(/[\s_/-]/g, '')
  return aliases[key]
}

/** The `charset` parameter of a Content-Type. */
export function charsetOf(mediaType: string): string | undefined {
  const parameter = mediaType
    .slice(0, 200)
    .split(';')
    .slice(1)
    .map((part) => part.trim())
    .find((part) => part.toLowerCase().startsWith('charset='))
  return parameter?.slice('charset='.length).replaceAll('"', '').trim()
}

/** The first hint there is, if the bytes bear it out; else UTF-8 if they are, else windows-1252. */
export function chooseCharset(bytes: Uint8Array, hints: CharsetHints): Charset {
  const label = [hints.forced, hints.mediaType, hints.declared, hints.otherwise].find((hint) => hint !== undefined && hint !== '')
  const name = label === undefined ? undefined : charsetName(label)
  const guess = isUtf8(bytes) ? 'utf-8' : 'windows-1252'
  if (name === undefined) return { name: guess, doubtful: label !== undefined }
  if (name === 'ascii') return { name: guess, doubtful: !isAscii(bytes) }
  if (name === 'utf-8') return { name: guess, doubtful: guess !== 'utf-8' }
  // The header was read as ASCII, so the text is not in code units of 16 or 32 bits, whatever it says.
  if (name.startsWith('utf-')) return { name: guess, doubtful: true }
  return { name, doubtful: false }
}

export function decodeBytes(bytes: Uint8Array, charset: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return charset === 'utf-8' ? buffer.toString('utf8') : iconv.decode(buffer, charset)
}

/** A message in UTF-16 with its byte order mark, as UTF-8; anything else as it is. */
export function fromUtf16(bytes: Uint8Array): Uint8Array {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return marked ? Buffer.from(decodeBytes(bytes, 'utf-16'), 'utf8') : bytes
}
