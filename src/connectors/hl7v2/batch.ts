import { fromWide } from './charset.ts'

export interface Batch {
  /** Each from its MSH to what comes next, in their order: views, not copies. */
  readonly messages: readonly Uint8Array[]
  /** FHS, BHS or several MSH. False of one message alone, and of what holds none. */
  readonly isBatch: boolean
  /** `W-BATCH-COUNT`: BTS-1 or FTS-1 counts otherwise than we do. `W-BATCH-STRAY`: lines that belong to no message. */
  readonly warnings: readonly string[]
}

const LF = 0x0a
const START = 0x0b
const CR = 0x0d
const END = 0x1c
const MAX_COUNT_LENGTH = 10

/** Lines end with CR and LF, and with the framing bytes of whoever wrote frames into a file. */
function endsLine(byte: number | undefined): boolean {
  return byte === CR || byte === LF || byte === START || byte === END
}

/**
 * Cuts `[FHS] { [BHS] { MSH… } [BTS] } [FTS]`, a file of messages one after the other, or one message alone (§1.12), in one pass over the
 * bytes. What holds no MSH has no messages.
 */
export function splitBatch(bytes: Uint8Array): Batch {
  const body = fromWide(bytes)
  const messages: Uint8Array[] = []
  const warnings = new Set<string>()
  const count = makeCounter()
  let begins = -1
  let headers = 0
  const close = (at: number): void => {
    if (begins !== -1) messages.push(body.subarray(begins, at))
    begins = -1
  }
  for (let start = 0; start < body.length; ) {
    let end = start
    while (end < body.length && !endsLine(body[end])) end += 1
    const name = nameOf(body, start, end)
    if (name !== undefined) close(start)
    if (name === 'MSH') {
      begins = start
      count.message()
    } else if (name === 'FHS' || name === 'BHS') {
      headers += 1
      if (name === 'BHS') count.batch()
    } else if (name !== undefined) {
      if (!count.agrees(name, numberAt(body, start + 4, end))) warnings.add('W-BATCH-COUNT')
    } else if (begins === -1 && !isBlank(body, start, end)) warnings.add('W-BATCH-STRAY')
    start = end + 1
  }
  close(body.length)
  return { messages, isBatch: headers > 0 || messages.length > 1, warnings: [...warnings] }
}

type HeaderName = 'MSH' | 'FHS' | 'BHS' | 'BTS' | 'FTS'
const names: readonly HeaderName[] = ['MSH', 'FHS', 'BHS', 'BTS', 'FTS']
/** 0xEF begins a byte order mark. */
const initials = new Set([...'MFB'].map((letter) => letter.charCodeAt(0)).concat(0xef))

/** The name of a line that begins a message or bounds a batch, and is followed by a separator, or by nothing where it closes. */
function nameOf(body: Uint8Array, start: number, end: number): HeaderName | undefined {
  if (!initials.has(body[start] ?? 0)) return undefined
  const from = body[start] === 0xef ? start + 3 : start
  const text = String.fromCharCode(...body.subarray(from, Math.min(from + 4, end)))
  const name = names.find((each) => text.startsWith(each))
  if (text.length === 3) return name === 'BTS' || name === 'FTS' ? name : undefined
  return /^[A-Z]{3}[!-/:-@[-`{-~]$/.test(text) ? name : undefined
}

/** Undefined where nothing is counted. */
function numberAt(body: Uint8Array, start: number, end: number): number | undefined {
  const text = String.fromCharCode(...body.subarray(start, Math.min(start + MAX_COUNT_LENGTH, end)))
  const digits = /^\s*(\d+)/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

function isBlank(body: Uint8Array, start: number, end: number): boolean {
  return body.subarray(start, end).every((byte) => byte <= 0x20 || byte === 0x7f)
}

function makeCounter() {
  let inBatch = 0
  let batches = 0
  return {
    message(): void {
      inBatch += 1
    },
    batch(): void {
      inBatch = 0
      batches += 1
    },
    /** What BTS-1 or FTS-1 says, against what came. */
    agrees(name: HeaderName, said: number | undefined): boolean {
      const counted = name === 'BTS' ? inBatch : Math.max(batches, 1)
      if (name === 'BTS') inBatch = 0
      return said === undefined || said === counted
    },
  }
}
