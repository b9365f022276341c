/** A piece of a message as a person may read it; `fault`: the fault stands here. */
export interface Piece {
  readonly text: string
  readonly fault: boolean
}

const mostShown = 20_000

const MLLP_END = '\u001c'

const pictures: Readonly<Record<string, string>> = { '\r': '␍\n', '\n': '␊\n', [MLLP_END]: '␜\n', '\u007f': '␡' }

/** With control characters shown, lines broken at segments; what nobody reads to its end is cut. */
export function showVerbatim(body: Uint8Array, at: string | undefined): { readonly pieces: readonly Piece[]; readonly cut: boolean } {
  const text = new TextDecoder().decode(body.subarray(0, mostShown))
  const [start, end] = placeOf(text, at)
  const pieces = [text.slice(0, start), text.slice(start, end), text.slice(end)]
  return {
    pieces: pieces.map((each, index) => ({ text: visible(each), fault: index === 1 })).filter((each) => each.text !== ''),
    cut: body.length > mostShown,
  }
}

/** CR LF is one end of a line. Control characters have pictures of their own; what turns the direction of text is named. */
function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\r')
    .replaceAll(/\p{Cc}/gu, (each) => pictures[each] ?? pictureOf(each.charCodeAt(0)))
    .replaceAll(/\p{Cf}/gu, (each) => named(each.codePointAt(0) ?? 0))
}

/** Unicode's Control Pictures; the second set of controls (U+0080 on) has none. */
function pictureOf(code: number): string {
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : named(code)
}

const named = (code: number): string => `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`

/** Where `SCH-11`, `AIP[2]-3`, `PID` stands in HL7 v2; of other places, and of what is not there, the segment or nothing. */
function placeOf(text: string, at: string | undefined): readonly [start: number, end: number] {
  const match = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+))?/.exec(at ?? '')
  const nowhere = [0, 0] as const
  if (!match || !/MSH./.test(text)) return nowhere
  const [, segment = '', nth = '1', field] = match
  const separator = text.charAt(text.indexOf('MSH') + 3)
  const lines = [...text.matchAll(/\P{Cc}+/gu)].filter(([line]) => line.startsWith(`${segment}${separator}`) || line === segment)
  const line = lines[Number(nth) - 1]
  if (!line) return nowhere
  const end = line.index + line[0].length
  if (field === undefined) return [line.index, end]
  // the separator itself is the first field of a header
  const wanted = Number(field) - (segment === 'MSH' ? 1 : 0)
  let from = line.index
  for (let count = 0; count < wanted; count++) {
    const next = text.indexOf(separator, from)
    if (next === -1 || next >= end) return [line.index, end]
    from = next + 1
  }
  const until = text.indexOf(separator, from)
  return [from, until === -1 || until > end ? end : until]
}
