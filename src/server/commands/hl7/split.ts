const newline = new Set([0x0a, 0x0d])
const isMessageStart = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x4d && bytes[at + 1] === 0x53 && bytes[at + 2] === 0x48

/**
 * The messages of a file, as sent: each from its MSH to the next one, batch headers and trailers (FHS, BHS, BTS, FTS) and MLLP bytes left out.
 * A file without any MSH is one message, so that its fault can be told.
 */
export function splitMessages(bytes: Uint8Array): readonly Uint8Array[] {
  const messages: Uint8Array[] = []
  let start = -1
  const close = (end: number): void => {
    if (start >= 0) messages.push(bytes.subarray(start, end))
    start = -1
  }
  let lineStart = true
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (lineStart && isMessageStart(bytes, at)) {
      close(at)
      start = at
    } else if (byte === 0x1c || byte === 0x0b || (lineStart && isBatchLine(bytes, at))) close(at)
    lineStart = newline.has(byte) || byte === 0x0b || byte === 0x1c
  }
  close(bytes.length)
  return messages.length > 0 ? messages : [bytes]
}

function isBatchLine(bytes: Uint8Array, at: number): boolean {
  const [first, second, third] = [bytes[at], bytes[at + 1], bytes[at + 2]]
  const header = (first === 0x46 || first === 0x42) && second === 0x48 && third === 0x53
  return header || ((first === 0x42 || first === 0x46) && second === 0x54 && third === 0x53)
}
