import { Temporal } from 'temporal-polyfill'
import type { WriteBackKind, WriteBackOutcome } from '../../core/write-back.ts'
import type { WriteRequest } from '../connector.ts'
import { answersGiven } from './answers-given.ts'
import type { Method, Methods } from './methods.ts'
import { buildOutbound } from './outbound.ts'
import type { AnswersMethod } from './outbound-answers.ts'
import { buildAnswers, MOST_ANSWERS } from './outbound-answers.ts'
import type { ReadOptions } from './read.ts'
import { messageOf, readEnvelope } from './read.ts'
import type { Message } from './reader.ts'
import type { Sender, SendResult } from './sender.ts'
import { readClock } from './stamp.ts'
import { readStatus } from './status.ts'
import type { Outbound, OutboundOptions, Telling } from './telling.ts'

const kinds: readonly WriteBackKind[] = ['confirm', 'cancel', 'arrive', 'answers']

/** A message by which it may be told; without one, the EHR's last message lacks what that needs. */
interface Way {
  readonly method: AnyMethod
  build(): Outbound | undefined
}

type AnyMethod = Method | AnswersMethod

export interface WriterOptions {
  readonly sender: Sender
  readonly read: ReadOptions
  readonly methods: Methods
  readonly outbound: OutboundOptions
  now(): Temporal.Instant
  onStopped?(stopped: boolean): void
}

/** Brings answers to the EHR; its acknowledgement is not yet its word (decision 5), an SRR that says the same is. */
export interface Writer {
  /** What it takes at all. */
  readonly kinds: readonly WriteBackKind[]
  write(request: WriteRequest, signal: AbortSignal): Promise<WriteBackOutcome>
}

/** A method the EHR refuses as such is left alone so long (MLLP-7): the next message would be refused too, until somebody mends one side. */
const stoppedFor = Temporal.Duration.from({ minutes: 15 })

export function makeWriter(options: WriterOptions): Writer {
  const { methods, sender, outbound } = options
  const stoppedUntil = new Map<AnyMethod, Temporal.Instant>()

  function stop(method: AnyMethod): void {
    if (stoppedUntil.size === 0) options.onStopped?.(true)
    stoppedUntil.set(method, options.now().add(stoppedFor))
  }

  function resume(method: AnyMethod): void {
    if (stoppedUntil.delete(method) && stoppedUntil.size === 0) options.onStopped?.(false)
  }

  function isStopped(method: AnyMethod): boolean {
    const until = stoppedUntil.get(method)
    return until !== undefined && Temporal.Instant.compare(options.now(), until) < 0
  }

  async function send(kind: WriteBackKind, ways: readonly Way[], signal: AbortSignal): Promise<WriteBackOutcome> {
    let outcome: WriteBackOutcome = { kind: 'refused', reason: 'the last message of the EHR lacks what its messages need' }
    for (const { method, build } of ways) {
      const message = build()
      if (!message) continue
      outcome = { kind: 'deferred', reason: `the EHR takes no ${method}`, retryAfter: stoppedFor }
      if (isStopped(method)) continue
      const result = await sender.send(message.bytes, message.controlId, signal)
      const refusal = unsupportedIn(result)
      if (!refusal) {
        if (result.kind === 'answered') resume(method)
        return outcomeOf(result, kind, options)
      }
      stop(method)
      outcome = { kind: 'deferred', reason: wordsOf(refusal), retryAfter: stoppedFor }
    }
    return outcome
  }

  return {
    kinds: kinds.filter((kind) => methods[kind].length > 0),
    write({ writeBack, lastEnvelope, answers }, signal) {
      const { kind } = writeBack
      if (methods[kind].length === 0) return refuse('this EHR takes no such answer')
      const last = lastEnvelope && messageOf(lastEnvelope, options.read)
      if (!last) return refuse('no message of the EHR to echo')
      const read = readEnvelope(lastEnvelope, options.read)
      const change = read.kind === 'changes' ? read.changes.find(({ ehrId }) => ehrId === writeBack.ehrId) : undefined
      if (!change) return refuse('the last message is not of this appointment')
      if (kind !== 'answers' && change.time && !change.time.start.equals(writeBack.start)) {
        return Promise.resolve({ kind: 'conflict', reason: 'moved since it was answered' })
      }
      const telling: Telling = { writeBack, last, options: outbound, ...(change.time?.end && { end: change.time.end }) }
      if (kind !== 'answers')
        return send(
          kind,
          methods[kind].map((method) => ({ method, build: () => buildOutbound(telling, kind, method) })),
          signal,
        )
      const given = answers && answersGiven(answers)
      if (!given || given.answers.length > MOST_ANSWERS)
        return refuse(given ? 'more answers than a message holds' : 'nothing was handed in')
      return send(
        kind,
        methods.answers.map((method) => ({ method, build: () => buildAnswers(telling, given, method) })),
        signal,
      )
    },
  }
}

function refuse(reason: string): Promise<WriteBackOutcome> {
  return Promise.resolve({ kind: 'refused', reason })
}

type Answered = Extract<SendResult, { kind: 'answered' }>

/** HL7 table 0357: a message type, event, processing id or version that is not taken there. */
const configurationErrors = ['200', '201', '202', '203']

function unsupportedIn(result: SendResult): Answered | undefined {
  const isRefusal = result.kind === 'answered' && (result.code === 'AR' || result.code === 'CR')
  return isRefusal && configurationErrors.includes(result.error ?? '') ? result : undefined
}

/** Codes alone: what a peer writes beside them may be of a patient. */
function wordsOf({ code, error }: Answered): string {
  return ['acknowledged with', code.slice(0, 2).replaceAll(/[^A-Z]/g, '?'), error].filter((word) => word !== undefined).join(' ')
}

function outcomeOf(result: SendResult, kind: WriteBackKind, { read, outbound, now }: WriterOptions): WriteBackOutcome {
  switch (result.kind) {
    case 'unsent': {
      const { reason, retryMs } = result
      return {
        kind: 'deferred',
        reason,
        ...(retryMs !== undefined && { retryAfter: Temporal.Duration.from({ milliseconds: Math.ceil(retryMs) }) }),
      }
    }
    case 'unanswered':
      return { kind: 'unknown', reason: result.reason }
    case 'answered':
      break
    default:
      return result satisfies never
  }
  switch (result.code) {
    case 'AA':
    case 'CA': {
      const at = readClock(result.sentAt, now(), outbound.zone)
      return { kind: 'applied', verified: result.schedule !== undefined && isGranted(result.schedule, kind, read), ...(at && { at }) }
    }
    case 'AR':
    case 'CR':
      return { kind: 'deferred', reason: wordsOf(result) }
    default:
      return { kind: 'refused', reason: wordsOf(result) }
  }
}

/** The SCH-25 of an SRR (WB-V2-4): Booked or Cancelled as it was asked for; Pending means that an SIU is to follow. */
function isGranted(schedule: Message, kind: WriteBackKind, read: ReadOptions): boolean {
  const { status, confirmation } = readStatus(schedule, '', read.profile)
  switch (kind) {
    case 'confirm':
      return confirmation === 'confirmed' || (status?.value === 'booked' && confirmation === undefined)
    case 'cancel':
      return status?.value === 'cancelled'
    case 'arrive':
      return status?.value === 'arrived' || status?.value === 'checked-in'
    case 'answers':
      return false
    default:
      return kind satisfies never
  }
}
