import type { Delimiters } from './delimiters.ts'

/** Turns the bytes of a `\X..\` into text, in the charset of the message. */
export type DecodeBytes = (bytes: Uint8Array) => string

/** Longest `\X..\`, in characters: more is kept as it stands. */
const HEX_LIMIT = 4096

/**
 * Walks over `text` once, handing each escape sequence to `replace`, which says what it stands for, or undefined to keep it.
 * A sequence that is kept does not use up its closing character: `C:\dir\F\` still holds a `\F\`.
 */
function replaceEscapes(text: string, mark: string, replace: (sequence: string) => string | undefined): string {
  let start = text.indexOf(mark)
  if (start === -1) return text
  let out = text.slice(0, start)
  while (start !== -1) {
    const end = text.indexOf(mark, start + 1)
    if (end === -1) return out + text.slice(start)
    const replaced = replace(text.slice(start + 1, end))
    if (replaced === undefined) {
      out += text.slice(start, end)
      start = end
      continue
    }
    out += replaced
    start = text.indexOf(mark, end + 1)
    out += text.slice(end + 1, start === -1 ? text.length : start)
  }
  return out
}

function hexBytes(digits: string): Uint8Array | undefined {
  if (digits.length % 2 !== 0 || digits.length > HEX_LIMIT) return undefined
  for (const digit of digits) if (!/[0-9A-Fa-f]/.test(digit)) return undefined
  return Buffer.from(digits, 'hex')
}

/** HL7 v2.5.1 ch. 2.7.6: formatting commands of FT text. Undefined: not one. */
function formatting(sequence: string): string | undefined {
  const command = sequence.slice(0, 3)
  if (command === '.br') return '\n'
  if (command === '.sp') return '\n'.repeat(Math.min(Math.max(Number.parseInt(sequence.slice(3), 10) || 1, 1), 10))
  return ['.in', '.ti', '.fi', '.nf', '.ce', '.sk'].includes(command) ? '' : undefined
}

/** What the text says once its escapes are resolved (V2-ENC-3). Charset switches and local sequences stay as they are. */
export function unescapeText(text: string, delimiters: Delimiters, decode: DecodeBytes): string {
  return replaceEscapes(text, delimiters.escape, (sequence) => {
    switch (sequence) {
      case 'F':
        return delimiters.field
      case 'S':
        return delimiters.component
      case 'R':
        return delimiters.repetition
      case 'E':
        return delimiters.escape
      case 'T':
        return delimiters.subcomponent
      case 'P':
        return delimiters.truncation ?? '#'
      case 'H':
      case 'N':
        return ''
    }
    switch (sequence[0]) {
      case 'X': {
        const bytes = hexBytes(sequence.slice(1))
        return bytes && decode(bytes)
      }
      case '.':
        return formatting(sequence)
      case 'C':
      case 'M':
      case 'Z':
        return sequence.length <= 64 && /^[CMZ][0-9A-Za-z]*$/.test(sequence) ? delimiters.escape + sequence + delimiters.escape : undefined
    }
    return undefined
  })
}

/** `\Cxxyy\` or `\Mxxyyzz\`: a piece in another charset, which is kept as it stands (V2-ENC-3). */
export function switchesCharset(text: string, mark: string): boolean {
  return holdsSwitch(text, `${mark}C`, mark, [6]) || holdsSwitch(text, `${mark}M`, mark, [6, 8])
}

function holdsSwitch(text: string, opening: string, mark: string, lengths: readonly number[]): boolean {
  for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1)) {
    if (lengths.some((length) => text[at + length] === mark && /^[0-9A-F]+$/i.test(text.slice(at + 2, at + length)))) return true
  }
  return false
}

/** Writes text so that it reads back the same, whatever it holds: no delimiter, line end or framing byte survives (R24). */
export function escapeText(text: string, delimiters: Delimiters): string {
  const mark = delimiters.escape
  // Bare, these two characters would mean "delete" (V2-ENC-4).
  if (text === '""') return `${mark}X2222${mark}`
  const letters: Readonly<Record<string, string>> = {
    ...(delimiters.truncation !== undefined && { [delimiters.truncation]: 'P' }),
    [delimiters.subcomponent]: 'T',
    [delimiters.repetition]: 'R',
    [delimiters.component]: 'S',
    [delimiters.field]: 'F',
    [mark]: 'E',
  }
  let out = ''
  for (const character of text) {
    const letter = letters[character]
    if (letter !== undefined) out += mark + letter + mark
    else if (character < ' ' || character === '\u007f')
      out += `${mark}X${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}${mark}`
    else out += character
  }
  return out
}

/** Rewrites `\X..\` sequences of a field that moves to another charset, and drops control characters, so that it may be echoed. */
export function recodeRaw(raw: string, delimiters: Delimiters, decode: DecodeBytes): string {
  const recoded = replaceEscapes(raw, delimiters.escape, (sequence) => {
    const bytes = sequence[0] === 'X' ? hexBytes(sequence.slice(1)) : undefined
    return bytes ? escapeText(decode(bytes), delimiters) : delimiters.escape + sequence + delimiters.escape
  })
  return dropControls(recoded)
}

/** Without what could end a segment or a frame. */
export function dropControls(text: string): string {
  let out = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x20) continue
    out += text.slice(from, i)
    from = i + 1
  }
  return from === 0 ? text : out + text.slice(from)
}
