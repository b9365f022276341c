import type { WriteBackKind, WriteBackOutcome } from '../../core/write-back.ts'
import type { WriteRequest } from '../connector.ts'
import type { OutboundKind, OutboundOptions } from './outbound.ts'
import { buildOutbound } from './outbound.ts'
import type { ReadOptions } from './read.ts'
import { messageOf, readEnvelope } from './read.ts'
import type { Sender, SendResult } from './sender.ts'

export const outboundKinds: readonly OutboundKind[] = ['confirm', 'cancel', 'arrive']

function isOutbound(kind: WriteBackKind): kind is OutboundKind {
  return (outboundKinds as readonly WriteBackKind[]).includes(kind)
}

/** Brings one answer to the EHR as an SIU; the EHR's acknowledgement is not yet its word (decision 5), so nothing here is `verified`. */
export async function writeSiu(
  request: WriteRequest,
  sender: Sender,
  read: ReadOptions,
  options: OutboundOptions,
  signal: AbortSignal,
): Promise<WriteBackOutcome> {
  const { writeBack, lastEnvelope } = request
  if (!isOutbound(writeBack.kind)) return { kind: 'refused', reason: 'this EHR takes no such answer' }
  const message = lastEnvelope && messageOf(lastEnvelope, read)
  if (!message) return { kind: 'refused', reason: 'no message of the EHR to echo' }
  const last = readEnvelope(lastEnvelope, read)
  const change = last.kind === 'changes' ? last.changes.find(({ ehrId }) => ehrId === writeBack.ehrId) : undefined
  if (!change) return { kind: 'refused', reason: 'the last message is not of this appointment' }
  if (change.time && !change.time.start.equals(writeBack.start)) return { kind: 'conflict', reason: 'moved since it was answered' }
  const outbound = buildOutbound(message, writeBack.kind, writeBack, options)
  return outcomeOf(await sender.send(outbound.bytes, outbound.controlId, signal))
}

/** HL7 table 0357: our configuration and theirs do not meet; the next message would be refused too. */
const configurationErrors = ['200', '201', '202', '203']

function outcomeOf(result: SendResult): WriteBackOutcome {
  switch (result.kind) {
    case 'unsent':
      return { kind: 'deferred', reason: result.reason }
    case 'unanswered':
      return { kind: 'unknown', reason: result.reason }
    case 'answered':
      break
    default:
      return result satisfies never
  }
  const reason = ['acknowledged with', result.code.slice(0, 2).replaceAll(/[^A-Z]/g, '?'), result.error]
    .filter((word) => word !== undefined)
    .join(' ')
  switch (result.code) {
    case 'AA':
    case 'CA':
      return { kind: 'applied', verified: false }
    case 'AR':
    case 'CR':
      return configurationErrors.includes(result.error ?? '') ? { kind: 'refused', reason } : { kind: 'deferred', reason }
    default:
      return { kind: 'refused', reason }
  }
}
