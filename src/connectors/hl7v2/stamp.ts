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
  /** `W-CLOCK`: MSH-7 is missing, only a day, or far from the arrival. EVN-2 then orders in its place, else the arrival. */
  readonly warnings: readonly string[]
}

/** MSH-7 comes first in ADT too: appointments and records are ordered by one clock. */
export function readStamp(message: Message, receivedAt: Temporal.Instant, zone: string): StampReading {
  const msh = findSegment(message, 'MSH')
  const sent = readClock(stringAt(message, msh, 7), receivedAt, zone)
  if (!sent)
    return {
      stamp: { at: readClock(stringAt(message, findSegment(message, 'EVN'), 2), receivedAt, zone) ?? receivedAt },
      warnings: ['W-CLOCK'],
    }
  const sequence = readSequence(stringAt(message, msh, 10))
  return { stamp: { at: sent, ...(sequence !== undefined && { sequence }) }, warnings: [] }
}

/** Undefined for a time that is not to be believed. */
export function readClock(text: string | undefined, receivedAt: Temporal.Instant, zone: string): Temporal.Instant | undefined {
  const timestamp = text === undefined ? undefined : parseTimestamp(text)
  if (!timestamp || !isPrecise(timestamp)) return undefined
  const { at } = placeTimestamp(timestamp, zone)
  const ahead = at.epochMilliseconds - receivedAt.epochMilliseconds
  return ahead > MAX_AHEAD_MS || ahead < -MAX_BEHIND_MS ? undefined : at
}

/** MSH-10 when it counts: of two messages in the same second the greater is the later. */
export function readSequence(controlId: string | undefined): number | undefined {
  if (controlId === undefined || !/^\d{1,16}$/.test(controlId)) return undefined
  const sequence = Number(controlId)
  return Number.isSafeInteger(sequence) ? sequence : undefined
}
