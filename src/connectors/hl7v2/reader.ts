import { declaredCharset, decodeBytes, decodeMessage, wideCharset } from './charset.ts'
import type { Delimiters } from './delimiters.ts'
import type { DecodeBytes } from './escape.ts'
import { dropControls, switchesCharset, unescapeText } from './escape.ts'
import { headerValue, readHeader, unwrap } from './header.ts'

const SPACE = 0x20
const QUOTE = 0x22

export interface Segment {
  /** As sent, upper case. */
  readonly name: string
  /** `fields[n]` is field n, as sent. */
  readonly fields: readonly string[]
}

/** A message cut into fields, everything below them still as sent: what nobody asks for is never cut nor unescaped. */
export interface Message {
  readonly delimiters: Delimiters
  readonly segments: readonly Segment[]
  /** Name of the charset it was read in. */
  readonly charset: string
  readonly decode: DecodeBytes
  /** `W-CHARSET`, `W-CHARSET-SWITCH`. */
  readonly warnings: readonly string[]
}

/** Undefined: empty, no information. `null`: `""`, delete (V2-ENC-4). */
export type Value = string | null | undefined

/** What the connector knows of the charset beside the message itself. */
export interface ReadHints {
  readonly forced?: string | undefined
  readonly mediaType?: string | undefined
  readonly otherwise?: string | undefined
}

/** Undefined: no MSH (V2-STR-4). */
export function readMessage(body: Uint8Array, hints: ReadHints = {}): Message | undefined {
  const bytes = unwrap(body)
  const header = readHeader(body, bytes)
  if (!header) return undefined
  const { delimiters } = header
  const declared = declaredCharset(headerValue(header, 18).split(delimiters.repetition))
  const wide = wideCharset(body) !== undefined
  const { text, charset, doubtful } = decodeMessage(bytes, wide ? { forced: 'utf-8' } : { ...hints, declared })
  return {
    delimiters,
    segments: splitSegments(text, delimiters.field),
    charset,
    decode: (part) => decodeBytes(part, charset),
    warnings: [...(doubtful ? ['W-CHARSET'] : []), ...(switchesCharset(text, delimiters.escape) ? ['W-CHARSET-SWITCH'] : [])],
  }
}

/** Segments end with CR, LF or both (V2-ENC-2); blank lines are nothing. */
function splitSegments(text: string, separator: string): Segment[] {
  const segments: Segment[] = []
  let start = 0
  let cr = text.indexOf('\r')
  let lf = text.indexOf('\n')
  while (start < text.length) {
    if (cr !== -1 && cr < start) cr = text.indexOf('\r', start)
    if (lf !== -1 && lf < start) lf = text.indexOf('\n', start)
    const end = Math.min(cr === -1 ? text.length : cr, lf === -1 ? text.length : lf)
    const line = text.slice(start, end)
    if (line.charCodeAt(0) > SPACE || line.trim() !== '') segments.push(readSegment(line, separator))
    start = end + 1
  }
  return segments
}

/** Cut into fields at once: cheaper than a getter that waits to be asked. */
function readSegment(raw: string, separator: string): Segment {
  const fields = raw.split(separator)
  const first = fields[0] ?? ''
  const name = isName(first) ? first : first.slice(0, 8).trim().toUpperCase()
  // A header's first field is the separator itself.
  if (name === 'MSH' || name === 'FHS' || name === 'BHS') fields.splice(1, 0, separator)
  return { name, fields }
}

/** Three capitals or digits: as nearly all write it. */
function isName(text: string): boolean {
  if (text.length !== 3) return false
  for (let at = 0; at < 3; at++) {
    const code = text.charCodeAt(at)
    if (!((code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39))) return false
  }
  return true
}

/** The n-th part, counted from 1, without cutting up the rest. */
export function nth(raw: string, separator: string, n: number): string {
  let start = 0
  for (let i = 1; i < n; i++) {
    const next = raw.indexOf(separator, start)
    if (next === -1) return ''
    start = next + separator.length
  }
  const end = raw.indexOf(separator, start)
  return end === -1 ? raw.slice(start) : raw.slice(start, end)
}

export function findSegment(message: Message, name: string): Segment | undefined {
  for (const segment of message.segments) if (segment.name === name) return segment
  return undefined
}

/** The repetitions that hold something, as sent. */
export function repetitions(message: Message, segment: Segment | undefined, field: number): string[] {
  const raw = segment?.fields[field] ?? ''
  return raw === '' ? [] : raw.split(message.delimiters.repetition).filter((repetition) => repetition !== '')
}

/** True of a field that holds `""` and nothing else. */
export function isDeleted(segment: Segment | undefined, field: number): boolean {
  return segment?.fields[field]?.trim() === '""'
}

/** One piece, its escapes resolved, otherwise untouched. */
export function textOf(message: Message, raw: string): Value {
  if (raw === '') return undefined
  if (raw === '""') return null
  return unescapeText(raw, message.delimiters, message.decode)
}

/** Most pieces: Latin letters, digits and signs, with nothing to trim, unescape, part or clean. Only a short cut: the long way says the same. */
function isPlain(text: string, delimiters: Delimiters): boolean {
  const last = text.length - 1
  if (last < 0 || text.charCodeAt(0) === QUOTE) return false
  const mark = delimiters.escape.charCodeAt(0)
  const part = delimiters.subcomponent.charCodeAt(0)
  for (let at = 0; at <= last; at++) {
    const code = text.charCodeAt(at)
    if (code === mark || code === part) return false
    const isLetter = (code > SPACE && code < 0x7f) || (code >= 0xc0 && code <= 0x24f)
    if (!isLetter && (code !== SPACE || at === 0 || at === last)) return false
  }
  return true
}

/** A component of one repetition, fit for the model: trimmed, on one line, without control characters (V2-ENC-8). */
export function componentOf(message: Message, repetition: string, component: number, subcomponent = 1): Value {
  const { delimiters } = message
  const piece = nth(repetition, delimiters.component, component)
  if (subcomponent === 1 && isPlain(piece, delimiters)) return piece
  const text = textOf(message, nth(piece.trim(), delimiters.subcomponent, subcomponent).trim())
  if (text === null || text === undefined) return text
  const clean = dropControls(text.replaceAll('\n', ' ')).trim()
  return clean === '' ? undefined : clean
}

/** The usual question: a component of the first repetition of a field. */
export function valueAt(message: Message, segment: Segment | undefined, field: number, component = 1, subcomponent = 1): Value {
  const raw = segment?.fields[field]
  if (raw === undefined || raw === '') return undefined
  return componentOf(message, nth(raw, message.delimiters.repetition, 1), component, subcomponent)
}

/** The same where deleted and empty mean alike: not there. */
export function stringAt(
  message: Message,
  segment: Segment | undefined,
  field: number,
  component = 1,
  subcomponent = 1,
): string | undefined {
  return valueAt(message, segment, field, component, subcomponent) ?? undefined
}
