/** What comes out of a byte stream that should hold MLLP frames (MLLP-1). */
export type FrameEvent =
  | { readonly kind: 'frame'; readonly payload: Buffer }
  /** A new frame began inside one: the first was cut off, and gets no answer. */
  | { readonly kind: 'truncated'; readonly bytes: number }
  /** A frame is longer than the limit; nothing after it is read. */
  | { readonly kind: 'overflow' }
  /** No MLLP: nothing after it is read. `wrong-protocol`: HTTP or TLS. */
  | { readonly kind: 'garbage'; readonly reason: 'no-start' | 'wrong-protocol' }

export interface Framer {
  /** Takes the next bytes, cut anywhere; gives what they complete, in order. */
  push(chunk: Uint8Array): FrameEvent[]
  /** The stream has been silent: a frame that lacks only its last byte is complete. */
  flush(): FrameEvent[]
  /** `inside`: a frame has begun; `ending`: only its carriage return is missing. */
  readonly state: 'outside' | 'inside' | 'ending' | 'stopped'
}

const VT = 0x0b
const FS = 0x1c
const CR = 0x0d
const LF = 0x0a

/** Data without a start block, before we stop listening (MLLP-3). */
const MOST_GARBAGE = 64 * 1024
const FIRST_CAPACITY = 4096
/** Given away whole with its frame, not copied and kept for the next. */
const LARGE = 64 * 1024
const wrongProtocols = ['\x16\x03', 'GET ', 'POST', 'PUT ', 'HEAD', 'OPTI', 'DELE', 'PATC', 'CONN']

/** The payload between its start and end blocks, ready to be written. */
export function frame(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(VT), payload, Buffer.of(FS, CR)])
}

/** One pass over the bytes, each looked at once; holds at most one unfinished frame (R18). */
export function makeFramer(options: { readonly maxFrameBytes: number }): Framer {
  let state: Framer['state'] = 'outside'
  const held = makeHold(options.maxFrameBytes)
  let garbage = ''
  let garbageBytes = 0

  function stop(event: FrameEvent): FrameEvent {
    state = 'stopped'
    held.drop()
    return event
  }

  function outside(byte: number): FrameEvent | undefined {
    if (byte === VT) {
      state = 'inside'
      garbage = ''
      garbageBytes = 0
      return undefined
    }
    if (garbageBytes === 0 && (byte === CR || byte === LF || byte === 0x20 || byte === 0x00)) return undefined
    garbageBytes += 1
    if (garbage.length < 4) garbage += String.fromCharCode(byte)
    if (garbageBytes <= 4 && wrongProtocols.includes(garbage)) return stop({ kind: 'garbage', reason: 'wrong-protocol' })
    return garbageBytes >= MOST_GARBAGE ? stop({ kind: 'garbage', reason: 'no-start' }) : undefined
  }

  function complete(next: Framer['state']): FrameEvent {
    state = next
    return { kind: 'frame', payload: held.take() }
  }

  /** After an end block: carriage return ends the frame, and so do what other senders put there. */
  function ending(byte: number): FrameEvent | undefined {
    if (byte === CR || byte === LF) return complete('outside')
    if (byte === VT) return complete('inside')
    // It was part of the payload after all; so is a second one until we know better.
    if (!held.add(Buffer.of(FS))) return stop({ kind: 'overflow' })
    if (byte === FS) return undefined
    state = 'inside'
    return held.add(Buffer.of(byte)) ? undefined : stop({ kind: 'overflow' })
  }

  function push(chunk: Uint8Array): FrameEvent[] {
    const events: FrameEvent[] = []
    let i = 0
    while (i < chunk.length && state !== 'stopped') {
      let event: FrameEvent | undefined
      if (state === 'inside') {
        const start = i
        while (i < chunk.length && chunk[i] !== FS && chunk[i] !== VT) i += 1
        if (!held.add(chunk.subarray(start, i))) event = stop({ kind: 'overflow' })
        else if (chunk[i] === FS) state = 'ending'
        else if (chunk[i] === VT) event = { kind: 'truncated', bytes: held.take().length }
      } else {
        const byte = chunk[i] ?? 0
        event = state === 'ending' ? ending(byte) : outside(byte)
      }
      if (event) events.push(event)
      i += 1
    }
    return events
  }

  return {
    push,
    flush: () => (state === 'ending' ? [complete('outside')] : []),
    get state() {
      return state
    },
  }
}

/** A buffer that grows by doubling, so that bytes arriving one by one cost no more than a block. */
function makeHold(limit: number) {
  let buffer = Buffer.alloc(0)
  let length = 0

  function drop(): void {
    buffer = Buffer.alloc(0)
    length = 0
  }

  return {
    drop,
    /** False: it would be more than the limit. */
    add(bytes: Uint8Array): boolean {
      if (length + bytes.length > limit) return false
      if (length + bytes.length > buffer.length) {
        // what is not written is not read either
        const grown = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(FIRST_CAPACITY, (length + bytes.length) * 2)))
        buffer.copy(grown, 0, 0, length)
        buffer = grown
      }
      buffer.set(bytes, length)
      length += bytes.length
      return true
    },
    take(): Buffer {
      const taken = buffer.subarray(0, length)
      if (buffer.length > LARGE) {
        drop()
        return taken
      }
      length = 0
      return Buffer.from(taken)
    },
  }
}
