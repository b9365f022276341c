const VT = 0x0b
const FS = 0x1c
const CR = 0x0d

/** A peer of a demo never needs more. */
const MOST_BYTES = 1 << 20

/** MLLP: `0x0B payload 0x1C 0x0D`. */
export function frame(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(VT), payload, Buffer.of(FS, CR)])
}

/** Cuts what a socket brings into payloads, whatever its pieces. Throws when a frame has no end. */
export function deframer(): (chunk: Uint8Array) => readonly Buffer[] {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const payloads: Buffer[] = []
    for (;;) {
      const start = rest.indexOf(VT)
      const end = start < 0 ? -1 : rest.indexOf(Buffer.of(FS, CR), start)
      if (end < 0) break
      payloads.push(rest.subarray(start + 1, end))
      rest = rest.subarray(end + 2)
    }
    if (rest.length > MOST_BYTES) throw new RangeError('An MLLP frame is too long')
    return payloads
  }
}
