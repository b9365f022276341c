import type { AddressInfo, Server, Socket } from 'node:net'
import net from 'node:net'
import tls from 'node:tls'
import type { Answer, DropReason, Session, SessionLimits } from './session.ts'
import { openSession } from './session.ts'
import type { TlsFiles } from './tls.ts'

export interface ListenerOptions extends SessionLimits {
  readonly host: string
  readonly port: number
  readonly tls?: TlsFiles
  readonly maxConnections: number
  /** How long a peer may take its answer and leave, once we stop. */
  readonly closeTimeoutMs: number
}

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
