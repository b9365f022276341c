import type { Socket } from 'node:net'
import net from 'node:net'
import tls from 'node:tls'
import { headerValue, readHeader } from './header.ts'
import { frame, makeFramer } from './mllp.ts'
import type { Message } from './reader.ts'
import { findSegment, readMessage, stringAt } from './reader.ts'
import type { ClientTls } from './tls.ts'

export interface SenderOptions {
  readonly host: string
  readonly port: number
  readonly tls?: ClientTls
  readonly connectTimeoutMs: number
  /** From the last byte we wrote to the answer. */
  readonly ackTimeoutMs: number
  /** Messages that may wait for the one before; more are not taken. */
  readonly maxQueued: number
  /** How long to leave the peer alone after so many failures in a row, in ms. Absent: not at all. */
  waitMs?(failures: number): number
  /** An acknowledgement that answers nothing we are waiting for (R11). */
  onStray?(): void
}

export type SendResult =
  /**
   * An acknowledgement of this very message; `text` is MSA-3, or what ERR says of it, in the peer's words; `schedule` is the whole answer where
   * it holds an SCH (SRR).
   */
  | ({ readonly kind: 'answered' } & Omit<Answer, 'controlId'>)
  /** Nothing was written, or the peer says that it did not take it in. */
  | { readonly kind: 'unsent'; readonly reason: string; readonly retryMs?: number }
  /** Written, perhaps taken: only the same bytes may be sent again. */
  | { readonly kind: 'unanswered'; readonly reason: string }

export interface Sender {
  send(message: Uint8Array, controlId: string, signal: AbortSignal): Promise<SendResult>
  close(): void
}

/** Longest acknowledgement. */
const MAX_ACK_BYTES = 64 * 1024
const LONGEST_TEXT = 250
const COMMITTED = 0x06
const NOT_COMMITTED = 0x15

function isByte(payload: Buffer, byte: number): boolean {
  return payload.length === 1 && payload[0] === byte
}

/** MLLP client (MLLP-7): one connection that stays, one message at a time, and only an answer that names it counts. */
export function mllpSender(options: SenderOptions): Sender {
  let connection: Connection | undefined
  let tail: Promise<unknown> = Promise.resolve()
  let queued = 0
  let failures = 0
  let notBeforeMs = 0

  function note(answered: boolean, stopping: boolean): void {
    if (stopping) return
    failures = answered ? 0 : failures + 1
    notBeforeMs = answered ? 0 : performance.now() + (options.waitMs?.(failures) ?? 0)
  }

  async function sendNow(message: Uint8Array, controlId: string, signal: AbortSignal): Promise<SendResult> {
    if (signal.aborted) return { kind: 'unsent', reason: 'stopping' }
    if (!connection?.isOpen()) {
      const retryMs = notBeforeMs - performance.now()
      if (retryMs > 0) return { kind: 'unsent', reason: 'the peer is left alone for a while', retryMs }
      const opened = await connect(options, signal)
      if (opened.kind === 'failed') {
        note(false, signal.aborted)
        return { kind: 'unsent', reason: opened.reason }
      }
      connection = opened.connection
    }
    const result = await connection.exchange(message, controlId, options.ackTimeoutMs, signal)
    note(result.kind === 'answered', signal.aborted)
    return result
  }

  return {
    send(message, controlId, signal) {
      if (queued >= options.maxQueued) return Promise.resolve({ kind: 'unsent', reason: 'too many messages wait' })
      queued += 1
      const result = tail
        .then(() => sendNow(message, controlId, signal))
        .finally(() => {
          queued -= 1
        })
      tail = result
      return result
    },
    close: () => connection?.close(),
  }
}

type Connected = { readonly kind: 'connected'; readonly connection: Connection } | { readonly kind: 'failed'; readonly reason: string }

async function connect(options: SenderOptions, signal: AbortSignal): Promise<Connected> {
  const peer = await connectPeer(options, signal)
  return peer.kind === 'failed' ? peer : { kind: 'connected', connection: holdConnection(peer.socket, options) }
}

/** A socket to the peer, past its TLS handshake. */
export function connectPeer(
  options: Pick<SenderOptions, 'host' | 'port' | 'tls' | 'connectTimeoutMs'>,
  signal: AbortSignal,
): Promise<{ readonly kind: 'connected'; readonly socket: Socket } | { readonly kind: 'failed'; readonly reason: string }> {
  return new Promise((resolve) => {
    const target = { host: options.host, port: options.port, keepAlive: true, noDelay: true }
    const { serverName, ...files } = options.tls ?? {}
    const socket: Socket = options.tls
      ? tls.connect({ ...target, ...files, ...(serverName && { servername: serverName }), minVersion: 'TLSv1.2' })
      : net.connect(target)
    const timer = setTimeout(() => settle('connect timed out'), options.connectTimeoutMs)
    const abort = (): void => settle('stopping')
    function settle(failure?: string): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.removeListener('error', fail)
      if (failure === undefined) {
        resolve({ kind: 'connected', socket })
        return
      }
      socket.on('error', () => {})
      socket.destroy()
      resolve({ kind: 'failed', reason: failure })
    }
    function fail(cause: NodeJS.ErrnoException): void {
      settle(`cannot connect: ${cause.code ?? 'error'}`)
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once(options.tls ? 'secureConnect' : 'connect', () => settle())
  })
}

interface Connection {
  isOpen(): boolean
  exchange(message: Uint8Array, controlId: string, timeoutMs: number, signal: AbortSignal): Promise<SendResult>
  close(): void
}

interface Waiting {
  readonly controlId: string
  settle(result: SendResult): void
}

function holdConnection(socket: Socket, options: SenderOptions): Connection {
  const framer = makeFramer({ maxFrameBytes: MAX_ACK_BYTES })
  let waiting: Waiting | undefined

  function lose(reason: string): void {
    socket.destroy()
    waiting?.settle({ kind: 'unanswered', reason })
  }

  function take(payload: Buffer): void {
    // MLLP release 2: kept there, the answer itself is still to come; or not kept (MLLP-6)
    if (isByte(payload, COMMITTED)) return
    if (isByte(payload, NOT_COMMITTED)) {
      waiting?.settle({ kind: 'unsent', reason: 'the peer could not keep it' })
      lose('the peer could not keep it')
      return
    }
    const answer = readAnswer(payload)
    if (answer && waiting && answer.controlId === waiting.controlId) {
      const { controlId: _, ...rest } = answer
      waiting.settle({ kind: 'answered', ...rest })
    } else options.onStray?.()
  }

  socket.on('data', (chunk: Buffer) => {
    for (const event of framer.push(chunk)) {
      if (event.kind === 'frame') take(event.payload)
      else if (event.kind !== 'truncated') lose('the peer does not speak MLLP')
    }
  })
  socket.on('error', () => lose('connection lost'))
  socket.on('end', () => lose('connection closed by the peer'))
  socket.on('close', () => lose('connection closed'))
  socket.unref()

  return {
    isOpen: () => !socket.destroyed && socket.writable,
    close: () => lose('stopping'),
    exchange(message, controlId, timeoutMs, signal) {
      return new Promise((resolve) => {
        // The socket is destroyed so that a late answer can never be taken for that of the next message.
        const timer = setTimeout(() => lose('no answer in time'), timeoutMs)
        const abort = (): void => lose('stopping')
        signal.addEventListener('abort', abort, { once: true })
        waiting = {
          controlId,
          settle(result) {
            waiting = undefined
            clearTimeout(timer)
            signal.removeEventListener('abort', abort)
            socket.unref()
            resolve(result)
          },
        }
        socket.ref()
        socket.write(frame(message))
      })
    },
  }
}

interface Answer {
  readonly code: string
  readonly controlId: string
  /** MSH-7: when the peer's clock says that it answered. */
  readonly sentAt?: string
  readonly error?: string
  readonly text?: string
  readonly schedule?: Message
}

/** MSA-1, MSA-2 and the first error code of an acknowledgement; undefined for any other frame. */
function readAnswer(payload: Buffer): Answer | undefined {
  const header = readHeader(payload)
  const message = header && headerValue(header, 9) !== '' ? readMessage(payload) : undefined
  if (!message) return undefined
  const msa = findSegment(message, 'MSA')
  const controlId = stringAt(message, msa, 2)
  if (controlId === undefined) return undefined
  const err = findSegment(message, 'ERR')
  const error = [stringAt(message, err, 3), stringAt(message, err, 1, 4), stringAt(message, msa, 6)].find(
    (code) => code !== undefined && /^\d{1,3}$/.test(code),
  )
  const said = [stringAt(message, msa, 3), stringAt(message, err, 8), stringAt(message, err, 7), stringAt(message, err, 3, 2)]
  const text = said.find((each) => each !== undefined)?.slice(0, LONGEST_TEXT)
  const sentAt = stringAt(message, findSegment(message, 'MSH'), 7)
  return {
    code: (stringAt(message, msa, 1) ?? '').toUpperCase(),
    controlId,
    ...(sentAt !== undefined && { sentAt }),
    ...(error !== undefined && { error }),
    ...(text !== undefined && { text }),
    ...(findSegment(message, 'SCH') && { schedule: message }),
  }
}
