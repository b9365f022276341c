import type { Temporal } from 'temporal-polyfill'
import { controlIdOf } from './control-id.ts'
import type { Delimiters } from './delimiters.ts'
import { encodingCharacters, readDelimiters, STANDARD_DELIMITERS } from './delimiters.ts'
import { escapeText } from './escape.ts'
import { unwrap } from './header.ts'
import { formatTimestamp } from './timestamp.ts'

const HEADER_LIMIT = 64 * 1024

interface BatchHeader {
  readonly delimiters: Delimiters
  /** `fields[n]` is BHS-n, or what stands at that number of an FHS or MSH: sender and receiver are the same in all three. */
  readonly fields: readonly string[]
  /** BHS-11, FHS-11; MSH-10 of what has no batch header. */
  readonly controlId: string
}

/** The answers to the messages of one batch, in their order, as one batch (§1.12): a BHS that turns theirs around, and a count. */
export function answerBatch(body: Uint8Array, answers: readonly Uint8Array[], now: Temporal.Instant, zone: string): Buffer {
  const { delimiters, fields, controlId } = readBatchHeader(body)
  const echo = (n: number): string => (fields[n] ?? '').replaceAll('\x0b', '').replaceAll('\x1c', '')
  const bhs = [
    `BHS${delimiters.field}${encodingCharacters(delimiters)}`,
    ...[5, 6, 3, 4].map(echo),
    escapeText(formatTimestamp(now, zone), delimiters),
    ...['', '', ''],
    controlIdOf(`batch:${fields.join(delimiters.field)}:${now.epochNanoseconds}`),
    controlId.replaceAll('\x0b', '').replaceAll('\x1c', ''),
  ].join(delimiters.field)
  const bts = `BTS${delimiters.field}${answers.length}`
  return Buffer.concat([Buffer.from(`${bhs}\r`, 'latin1'), ...answers, Buffer.from(`${bts}\r`, 'latin1')])
}

/** Byte for byte, as latin-1: what came goes back as it came. */
function readBatchHeader(body: Uint8Array): BatchHeader {
  const lines = unwrap(body)
    .subarray(0, HEADER_LIMIT)
    .toString('latin1')
    .split(/[\r\n]+/, 2)
  const line = lines.find((each) => each.startsWith('BHS')) ?? lines[0] ?? ''
  const delimiters = readDelimiters(line) ?? STANDARD_DELIMITERS
  const [name = '', ...rest] = line.split(delimiters.field)
  const fields = [name, delimiters.field, ...rest]
  return { delimiters, fields, controlId: fields[name === 'MSH' ? 10 : 11] ?? '' }
}
