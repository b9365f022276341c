import type { AddressInfo, Server, Socket } from 'node:net'
import net from 'node:net'
import tls from 'node:tls'
import type { FrameEvent } from './mllp.ts'
import { frame, makeFramer } from './mllp.ts'
import type { TlsFiles } from './tls.ts'

export interface ListenerOptions {
  readonly host: string
  readonly port: number
  readonly tls?: TlsFiles
  readonly maxConnections: number
  readonly maxFrameBytes: number
  /** From the first byte of a frame to its last. */
  readonly frameTimeoutMs: number
  /** Silence after which a frame without its last byte is complete (MLLP-1). */
  readonly silenceMs: number
  /** How long a peer may take its answer and leave, once we stop. */
  readonly closeTimeoutMs: number
}

/** What was not handed on, and why: a count for the operator, never content. */
export type DropReason = 'truncated' | 'overflow' | 'no-start' | 'wrong-protocol' | 'frame-timeout' | 'connections' | 'tls' | 'not-kept'

/** Makes the answer to one payload; undefined: none is wanted. Rejects when the payload could not be kept. */
export type Answer = (payload: Buffer) => Promise<Uint8Array | undefined>

export interface ListenerEvents {
  onListening?(address: AddressInfo): void
  onDrop?(reason: DropReason): void
}

/**
 * Serves MLLP until aborted; each connection has one message in flight and its answers in order (MLLP-2).
 * On abort it takes no more connections, finishes the frame in hand, answers it, and closes (MLLP-4). Rejects if it cannot listen.
 */
export function listenMllp(options: ListenerOptions, answer: Answer, events: ListenerEvents, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const sockets = new Set<Socket>()
  const sessions = new Set<Session>()
  const drop = (reason: DropReason): void => events.onDrop?.(reason)

  function accept(socket: Socket): void {
    const session = openSession(socket, options, answer, drop)
    sessions.add(session)
    socket.once('close', () => sessions.delete(session))
    if (signal.aborted) session.stop()
  }

  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 60_000, noDelay: true }
  const server: Server = options.tls
    ? tls.createServer({ ...keepAlive, ...serverTls(options.tls) }, accept).on('tlsClientError', () => drop('tls'))
    : net.createServer(keepAlive, accept)
  server.maxConnections = options.maxConnections
  server.on('drop', () => drop('connections'))
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  return new Promise((resolve, reject) => {
    let lastCall: NodeJS.Timeout | undefined
    function stop(): void {
      server.close()
      for (const session of sessions) session.stop()
      lastCall = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, options.closeTimeoutMs)
    }
    server.once('error', reject)
    server.once('close', () => {
      clearTimeout(lastCall)
      signal.removeEventListener('abort', stop)
      resolve()
    })
    server.listen(options.port, options.host, () => {
      const address = server.address()
      if (address !== null && typeof address === 'object') events.onListening?.(address)
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}

function serverTls(files: TlsFiles): tls.TlsOptions {
  // With a certificate authority of its own, only clients it signed may talk (MLLP-5).
  return {
    ...files,
    requestCert: files.ca !== undefined,
    rejectUnauthorized: files.ca !== undefined,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 30_000,
  }
}

interface Session {
  /** Finishes what is in hand, answers, and closes. */
  stop(): void
}

function openSession(socket: Socket, options: ListenerOptions, answer: Answer, drop: (reason: DropReason) => void): Session {
  const framer = makeFramer(options)
  let busy = false
  let stopping = false
  let frameTimer: NodeJS.Timeout | undefined
  let silenceTimer: NodeJS.Timeout | undefined

  function rest(): void {
    clearTimeout(silenceTimer)
    if (framer.state === 'ending') silenceTimer = setTimeout(() => take(framer.flush()), options.silenceMs)
    if (framer.state === 'inside' || framer.state === 'ending') frameTimer ??= setTimeout(expire, options.frameTimeoutMs)
  }

  function expire(): void {
    drop('frame-timeout')
    socket.destroy()
  }

  /** The peer's bytes wait in the kernel while its message is being kept: that is the back-pressure. */
  function take(events: readonly FrameEvent[]): void {
    if (events.length === 0) {
      rest()
      return
    }
    clearTimeout(frameTimer)
    frameTimer = undefined
    busy = true
    socket.pause()
    serve(events).then(
      () => {
        busy = false
        if (stopping) socket.destroySoon()
        else if (!socket.destroyed) {
          rest()
          socket.resume()
        }
      },
      () => socket.destroy(),
    )
  }

  async function serve(events: readonly FrameEvent[]): Promise<void> {
    for (const event of events) {
      if (stopping || socket.destroyed) return
      switch (event.kind) {
        case 'frame':
          await reply(event.payload)
          break
        case 'truncated':
          drop('truncated')
          break
        case 'overflow':
          drop('overflow')
          socket.destroy()
          return
        case 'garbage':
          drop(event.reason)
          socket.destroy()
          return
        default:
          event satisfies never
      }
    }
  }

  async function reply(payload: Buffer): Promise<void> {
    let response: Uint8Array | undefined
    try {
      response = await answer(payload)
    } catch (cause) {
      // Not kept: no answer, so that the sender tries again (V2-ACK-4).
      drop('not-kept')
      throw cause
    }
    if (response && !socket.destroyed) await write(socket, frame(response))
  }

  socket.on('data', (chunk: Buffer) => {
    clearTimeout(silenceTimer)
    take(framer.push(chunk))
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(frameTimer)
    clearTimeout(silenceTimer)
  })
  return {
    stop() {
      stopping = true
      if (!busy) socket.destroySoon()
    },
  }
}

/** Resolves once the peer's side of the connection has room: a peer that never reads its answers waits alone. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve())
  })
}
