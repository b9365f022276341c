import type { AddressInfo, Server, Socket } from 'node:net'
import net, { BlockList } from 'node:net'
import type { PeerCertificate } from 'node:tls'
import tls from 'node:tls'
import type { Answer, DropReason, Session, SessionLimits } from './session.ts'
import { openSession } from './session.ts'
import type { TlsFiles } from './tls.ts'

export interface ListenerOptions extends SessionLimits {
  readonly host: string
  readonly port: number
  readonly tls?: TlsFiles
  /** Absent: all may connect. */
  readonly allow?: BlockList
  readonly maxConnections: number
  /** How long a peer may take its answer and leave, once we stop. */
  readonly closeTimeoutMs: number
}

export interface ListenerEvents {
  onListening?(address: AddressInfo): void
  onDrop?(reason: DropReason): void
}

/** Who answers a new peer, told by its certificate if it showed one; or why nobody does. */
export type Greet = (certificate: PeerCertificate | undefined) => Answer | DropReason

/**
 * Serves MLLP until aborted; each connection has one message in flight and its answers in order (MLLP-2).
 * On abort it takes no more connections, finishes the frame in hand, answers it, and closes (MLLP-4). Rejects if it cannot listen.
 */
export function listenMllp(options: ListenerOptions, greet: Greet, events: ListenerEvents, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const sockets = new Set<Socket>()
  const sessions = new Set<Session>()
  const drop = (reason: DropReason): void => events.onDrop?.(reason)

  function accept(socket: Socket): void {
    const answer = options.allow && !isAllowed(socket, options.allow) ? 'address' : greet(certificateOf(socket))
    if (typeof answer === 'string') {
      drop(answer)
      socket.destroy()
      return
    }
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

/** Whose authority the server asked for has signed it: the handshake ended otherwise. */
function certificateOf(socket: Socket): PeerCertificate | undefined {
  return socket instanceof tls.TLSSocket && socket.authorized ? socket.getPeerCertificate() : undefined
}

/** Addresses (`192.0.2.7`) and networks (`10.4.0.0/16`, `fd00::/8`). Throws on what is neither. */
export function readAllowed(places: readonly string[]): BlockList {
  const allowed = new BlockList()
  for (const place of places) {
    const [address = '', bits] = place.split('/', 2)
    const family = net.isIP(address)
    const prefix = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits)
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 6 ? 128 : 32)) {
      throw new Error(`not an address or a network: ${place.slice(0, 64)}`)
    }
    allowed.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4')
  }
  return allowed
}

function isAllowed({ remoteAddress = '' }: Socket, allowed: BlockList): boolean {
  const family = net.isIP(remoteAddress)
  return family !== 0 && allowed.check(remoteAddress, family === 6 ? 'ipv6' : 'ipv4')
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
