import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { deframer, frame } from './frame.ts'
import { readMessage } from './hl7.ts'

export interface MllpTarget {
  readonly host: string
  readonly port: number
}

export interface MllpClientOptions {
  readonly target: () => MllpTarget | undefined
  /** How long an answer may take before the connection is given up. */
  readonly answerMs: number
  /** Waits before the second and later tries. */
  readonly retryMs: readonly number[]
  readonly signal: AbortSignal
}

export interface MllpClient {
  /** Sends one message after those before it and resolves with its answer; undefined when every try went without one. */
  send(message: Uint8Array): Promise<Uint8Array | undefined>
}

/** One connection, one message at a time, in order, as EHRs do. A retry is byte for byte the same, control id included. */
export function mllpClient(options: MllpClientOptions): MllpClient {
  const { signal } = options
  let socket: Socket | undefined
  let queue: Promise<unknown> = Promise.resolve()
  signal.addEventListener('abort', () => socket?.destroy(), { once: true })

  async function attempt(message: Uint8Array): Promise<Uint8Array> {
    const target = options.target()
    if (!target) throw new Error('No HL7 receiver is set')
    socket = socket?.writable ? socket : await open(target, signal)
    try {
      return await exchange(socket, message, AbortSignal.any([signal, AbortSignal.timeout(options.answerMs)]))
    } catch (error) {
      // A late answer must not be taken for that of the next message.
      socket.destroy()
      throw error
    }
  }

  async function deliver(message: Uint8Array): Promise<Uint8Array | undefined> {
    for (const pause of [0, ...options.retryMs]) {
      if (pause > 0) await wait(pause, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return undefined
      const answer = await attempt(message).catch(() => undefined)
      if (answer) return answer
    }
    return undefined
  }

  return {
    send: (message) => {
      const answer = queue.then(() => deliver(message))
      queue = answer
      return answer
    },
  }
}

async function open(target: MllpTarget, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: target.host, port: target.port, noDelay: true, keepAlive: true })
  socket.on('error', () => socket.destroy())
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Empty where the sender gave none: then only an empty MSA-2 answers it. */
function controlIdOf(message: Uint8Array): string {
  try {
    return readMessage(message).controlId
  } catch {
    return ''
  }
}

function answers(reply: Uint8Array, controlId: string): boolean {
  try {
    return readMessage(reply).read('MSA', 2) === controlId
  } catch {
    return false
  }
}

function exchange(socket: Socket, message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const controlId = controlIdOf(message)
  const cut = deframer()
  return new Promise((resolve, reject) => {
    const settle = (answer: Uint8Array | Error): void => {
      socket.off('data', onData)
      socket.off('close', onClose)
      signal.removeEventListener('abort', onAbort)
      if (answer instanceof Error) reject(answer)
      else resolve(answer)
    }
    const onClose = (): void => settle(new Error('The receiver closed the connection'))
    const onAbort = (): void => settle(new Error('No answer came in time'))
    const onData = (chunk: Uint8Array): void => {
      try {
        const answer = cut(chunk).find((reply) => answers(reply, controlId))
        if (answer) settle(answer)
      } catch (error) {
        settle(new Error('The answer is not MLLP', { cause: error }))
      }
    }
    socket.on('data', onData)
    socket.on('close', onClose)
    signal.addEventListener('abort', onAbort)
    socket.write(frame(message))
  })
}
