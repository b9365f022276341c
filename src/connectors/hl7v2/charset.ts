import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** Where the charset of a message may be said, strongest first (V2-ENC-6). */
export interface CharsetHints {
  /** The connector's own word, against whatever the message claims. */
  readonly forced?: string | undefined
  /** Of HL7 over HTTP. */
  readonly mediaType?: string | undefined
  /** MSH-18: its first repetition, or the Japanese one among them. */
  readonly declared?: string | undefined
  /** Where the message says nothing. */
  readonly otherwise?: string | undefined
}

export interface Decoded {
  readonly text: string
  /** The name it was decoded by: UTF-8, or a name that `decodeBytes` takes. */
  readonly charset: string
  /** Something was declared that is unknown, or untrue (`W-CHARSET`). */
  readonly doubtful: boolean
}

/** HL7 table 0211, DICOM's names and what senders write in their place; compared without case, blanks, `-`, `_`, `/` and `.`. */
const spellings: Readonly<Record<string, string>> = {
  'utf-8': 'UNICODE · UNICODE UTF-8 · UTF-8 · ISO IR192',
  'utf-16': 'UNICODE UTF-16 · UTF-16 · UCS2',
  'utf-32': 'UNICODE UTF-32 · UTF-32',
  ascii: 'ASCII · US-ASCII · ISO IR6 · 646',
  // Read as Windows reads it: for its euro sign and its œ.
  'windows-1252': 'WINDOWS-1252 · CP1252 · ANSI · LATIN1 · 8859/1 · ISO-8859-1 · ISO IR100',
  'windows-1250': 'WINDOWS-1250 · CP1250',
  'windows-1251': 'WINDOWS-1251 · CP1251',
  'windows-1253': 'WINDOWS-1253 · CP1253',
  'windows-1254': 'WINDOWS-1254 · CP1254',
  'windows-1255': 'WINDOWS-1255 · CP1255',
  'windows-1256': 'WINDOWS-1256 · CP1256',
  'windows-1257': 'WINDOWS-1257 · CP1257',
  'iso-8859-2': '8859/2 · ISO-8859-2 · LATIN2 · ISO IR101',
  'iso-8859-3': '8859/3 · ISO-8859-3 · ISO IR109',
  'iso-8859-4': '8859/4 · ISO-8859-4 · ISO IR110',
  'iso-8859-5': '8859/5 · ISO-8859-5 · ISO IR144',
  'iso-8859-6': '8859/6 · ISO-8859-6 · ISO IR127',
  'iso-8859-7': '8859/7 · ISO-8859-7 · ISO IR126',
  'iso-8859-8': '8859/8 · ISO-8859-8 · ISO IR138',
  'iso-8859-9': '8859/9 · ISO-8859-9 · ISO IR148',
  'iso-8859-13': '8859/13 · ISO-8859-13',
  'iso-8859-15': '8859/15 · ISO-8859-15 · LATIN9',
  'iso-8859-16': '8859/16 · ISO-8859-16',
  'koi8-r': 'KOI8-R',
  cp437: 'CP437 · IBM437',
  cp850: 'CP850 · IBM850',
  macroman: 'MACINTOSH · MACROMAN',
  'iso-2022-jp': 'ISO-2022-JP · ISO IR14 · ISO IR87 · ISO IR159 · ISO 2022 IR13 · ISO 2022 IR87 · ISO 2022 IR159',
  shift_jis: 'SHIFT-JIS · SJIS · MS932 · CP932 · ISO IR13',
  'euc-jp': 'EUC-JP',
  gb18030: 'GB 18030-2000 · GB18030 · GBK · GB2312',
  'euc-kr': 'KS X 1001 · KSC5601 · EUC-KR · ISO IR149',
  big5: 'CNS 11643-1992 · BIG-5 · BIG5',
}

function keyOf(label: string): string {
  return label.toLowerCase().replace(/[\s_/.-]/g, '')
}

const aliases = new Map<string, string>()
for (const [name, list] of Object.entries(spellings)) for (const spelling of list.split(' · ')) aliases.set(keyOf(spelling), name)

/** What senders wrote so far: each keeps to its own spelling. */
const known = new Map<string, string | undefined>()
const MOST_KNOWN = 100

/** Undefined for a charset that cannot be read here. */
function charsetName(label: string): string | undefined {
  if (label.length > 64) return undefined
  if (known.has(label)) return known.get(label)
  const name = aliases.get(keyOf(label))
  if (known.size < MOST_KNOWN) known.set(label, name)
  return name
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

/** Of the repetitions of MSH-18 the first counts, but for the Japanese: `~ISO IR87` is ASCII that switches by escapes (ISO 2022). */
export function declaredCharset(repetitions: readonly string[]): string | undefined {
  return repetitions.slice(0, 8).find((label) => charsetName(label) === 'iso-2022-jp') ?? repetitions[0]
}

/** In the first charset that is said, if the bytes bear it out; else in UTF-8 if they are, else in windows-1252. */
export function decodeMessage(bytes: Uint8Array, hints: CharsetHints): Decoded {
  const label = [hints.forced, hints.mediaType, hints.declared, hints.otherwise].find((hint) => hint !== undefined && hint !== '')
  const name = label === undefined ? undefined : charsetName(label)
  const guess = isUtf8(bytes) ? 'utf-8' : 'windows-1252'
  const guessed = (doubtful: boolean): Decoded => ({ text: decodeBytes(bytes, guess), charset: guess, doubtful })
  if (name === undefined) return guessed(label !== undefined)
  if (name === 'ascii') return guessed(!isAscii(bytes))
  if (name === 'utf-8') return guessed(guess !== 'utf-8')
  // The header was read as ASCII, so the text is not in code units of 16 or 32 bits, whatever it says.
  if (name.startsWith('utf-')) return guessed(true)
  const text = decodeBytes(bytes, name)
  if (text.includes('\ufffd')) return guessed(true)
  // Whatever is UTF-8 beyond ASCII can hardly be anything else: read as told, and reported.
  return { text, charset: name, doubtful: guess === 'utf-8' && name !== 'iso-2022-jp' && !isAscii(bytes) }
}

/** Never throws: what cannot be decoded becomes U+FFFD. */
export function decodeBytes(bytes: Uint8Array, charset: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (charset === 'utf-8') return buffer.toString('utf8')
  // iconv-lite has no charset with a state.
  if (charset === 'iso-2022-jp') return new TextDecoder(charset).decode(buffer)
  return iconv.decode(buffer, charset)
}

const firstLetters = new Set(['M', 'F', 'B'].map((letter) => letter.charCodeAt(0)))

/** By its byte order mark, or by the zeros around the first letter of MSH, FHS or BHS. */
export function wideCharset(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be'
  if (a !== undefined && firstLetters.has(a) && b === 0 && d === 0) return c === 0 ? 'utf-32le' : 'utf-16le'
  if (a === 0 && b !== undefined && firstLetters.has(b) && c === 0) return 'utf-16be'
  return a === 0 && b === 0 && c === 0 && d !== undefined && firstLetters.has(d) ? 'utf-32be' : undefined
}

/** A message in UTF-16 or UTF-32 as UTF-8; anything else as it is. */
export function fromWide(bytes: Uint8Array): Uint8Array {
  const wide = wideCharset(bytes)
  return wide === undefined ? bytes : Buffer.from(decodeBytes(bytes, wide), 'utf8')
}
