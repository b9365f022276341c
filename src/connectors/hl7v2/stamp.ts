import type { Temporal } from 'temporal-polyfill'
import type { Stamp } from '../../core/stamp.ts'
import type { Message } from './reader.ts'
import { findSegment, stringAt } from './reader.ts'
import { isPrecise, parseTimestamp, placeTimestamp } from './timestamp.ts'

/** A clock further off than this is not believed (V2-ORD-1). */
const MAX_AHEAD_MS = 10 * 60_000
const MAX_BEHIND_MS = 30 * 86_400_000

export interface StampReading {
  readonly stamp: Stamp
  /** `W-CLOCK`: MSH-7 is missing, only a day, or far from the arrival, which then orders in its place. */
  readonly warnings: readonly string[]
}

export function readStamp(message: Message, receivedAt: Temporal.Instant, zone: string): StampReading {
  const msh = findSegment(message, 'MSH')
  const timestamp = parseTimestamp(stringAt(message, msh, 7) ?? '')
  const at = timestamp && isPrecise(timestamp) ? placeTimestamp(timestamp, zone).at : undefined
  const ahead = at && at.epochMilliseconds - receivedAt.epochMilliseconds
  if (!at || ahead === undefined || ahead > MAX_AHEAD_MS || ahead < -MAX_BEHIND_MS)
    return { stamp: { at: receivedAt }, warnings: ['W-CLOCK'] }
  const sequence = readSequence(stringAt(message, msh, 10))
  return { stamp: { at, ...(sequence !== undefined && { sequence }) }, warnings: [] }
}

/** MSH-10 when it counts: of two messages in the same second the greater is the later. */
function readSequence(controlId: string | undefined): number | undefined {
  if (controlId === undefined || !/^\d{1,16}$/.test(controlId)) return undefined
  const sequence = Number(controlId)
  return Number.isSafeInteger(sequence) ? sequence : undefined
}
