import type { PeerCertificate } from 'node:tls'
import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Receive } from '../connector.ts'
import type { Acknowledgement, AckPolicy } from './ack.ts'
import { acknowledge } from './ack.ts'
import { splitBatch } from './batch.ts'
import { answerBatch } from './batch-answer.ts'
import type { Header } from './header.ts'
import { headerValue, readHeader } from './header.ts'
import type { Answer, DropReason, Reply } from './session.ts'
import type { Source } from './sources.ts'
import { admit, findSource, UNLISTED } from './sources.ts'
import type { Traffic } from './transport.ts'

const MEDIA_TYPE = 'application/hl7-v2'

/** A longer batch is refused whole, as one message. */
const MOST_IN_BATCH = 1000

export interface IntakeOptions extends Traffic {
  readonly id: ConnectorId
  readonly zone: string
  readonly policy: AckPolicy
  readonly sources: readonly Source[] | undefined
  readonly acceptBatchFrames?: boolean
  now(): Temporal.Instant
  onDrop?(reason: DropReason): void
}

/** How a body was answered: the codes in order, and the bytes, if an answer is wanted. */
export interface Posted {
  readonly codes: readonly string[]
  readonly body: Uint8Array | undefined
}

export interface Intake {
  /** Who reads one MLLP connection, by the certificate its client showed. */
  greet(receive: Receive, certificate: PeerCertificate | undefined): Answer | DropReason
  /** By HTTP, where a token says who it is. Undefined: no MSH. */
  post(body: Uint8Array, mediaType: string, receive: Receive): Promise<Posted | undefined>
}

/** Takes messages in: hands each on to be kept, then writes its answer, whoever brought it. */
export function makeIntake(options: IntakeOptions): Intake {
  const { sources } = options

  /** Rejects when it could not be kept. */
  async function take(body: Uint8Array, mediaType: string, receive: Receive): Promise<readonly Acknowledgement[]> {
    const header = readHeader(body)
    if (header && isAnswer(header)) {
      options.onDrop?.('stray-ack')
      return []
    }
    const source = (header && sources && findSource(sources, header)?.name) ?? UNLISTED
    options.onMessage?.(source)
    const receipt = await receive({ connectorId: options.id, receivedAt: options.now(), mediaType, body })
    const answers = acknowledge(body, receipt, options.now(), options.zone, options.policy)
    options.onAnswer?.(source, answers[0]?.code ?? 'none')
    return answers
  }

  /** In order, one after the other; what follows one that could not be kept is not even tried. */
  async function takeBatch(body: Uint8Array, messages: readonly Uint8Array[], mediaType: string, receive: Receive): Promise<Posted> {
    const answers: Acknowledgement[] = []
    for (const message of messages) answers.push(...(await take(message, mediaType, receive)).slice(0, 1))
    const written = answers.map(({ bytes }) => bytes)
    return {
      codes: answers.map(({ code }) => code),
      body: written.length === 0 ? undefined : answerBatch(body, written, options.now(), options.zone),
    }
  }

  /** A known sender's message by another's certificate. */
  function isForged(message: Uint8Array, admitted: readonly Source[] | undefined): boolean {
    if (!sources || !admitted || admitted.length === sources.length) return false
    const header = readHeader(message)
    return header !== undefined && !findSource(admitted, header) && findSource(sources, header) !== undefined
  }

  return {
    greet(receive, certificate) {
      const admitted = sources && admit(sources, certificate)
      if (admitted?.length === 0) return 'certificate'
      return async (payload): Promise<Reply> => {
        const batch = options.acceptBatchFrames === true ? messagesOf(payload) : undefined
        if ((batch ?? [payload]).some((message) => isForged(message, admitted))) return { kind: 'hang-up', reason: 'certificate' }
        if (batch) {
          const { body } = await takeBatch(payload, batch, MEDIA_TYPE, receive)
          return { kind: 'answer', frames: body ? [body] : [] }
        }
        return { kind: 'answer', frames: (await take(payload, MEDIA_TYPE, receive)).map(({ bytes }) => bytes) }
      }
    },
    async post(body, mediaType, receive) {
      if (!readHeader(body)) return undefined
      const batch = messagesOf(body)
      if (batch) return takeBatch(body, batch, mediaType, receive)
      const [first] = await take(body, mediaType, receive)
      return first ? { codes: [first.code], body: first.bytes } : { codes: [], body: undefined }
    },
  }
}

/** Of a batch that is not too long; undefined of one message alone, which is told by a search and not by a walk. */
function messagesOf(body: Uint8Array): readonly Uint8Array[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const mayBe = ['FHS', 'BHS', '\rMSH', '\nMSH'].some((mark) => bytes.includes(mark, 0, 'latin1'))
  const { messages, isBatch } = mayBe ? splitBatch(body) : { messages: [], isBatch: false }
  return isBatch && messages.length > 0 && messages.length <= MOST_IN_BATCH ? messages : undefined
}

/** Answering an acknowledgement could go on for ever. */
function isAnswer(header: Header): boolean {
  return headerValue(header, 9).toUpperCase() === 'ACK'
}
