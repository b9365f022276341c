import type { Server, Socket } from 'node:net'
import net from 'node:net'
import { frame, makeFramer } from '../../../../src/connectors/hl7v2/mllp.ts'

/** An MLLP peer for tests: what it hears, frame by frame, and when it is hung up on. */
export interface Peer {
  readonly socket: Socket
  write(bytes: Uint8Array): void
  /** The next frame, as text; rejects when the connection closes first. */
  next(): Promise<string>
  readonly closed: Promise<void>
}

export function peerOf(socket: Socket): Peer {
  const framer = makeFramer({ maxFrameBytes: 1024 * 1024 })
  const heard: string[] = []
  const waiting: { resolve(text: string): void; reject(cause: Error): void }[] = []
  let over = false
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    for (const event of framer.push(chunk)) {
      if (event.kind !== 'frame') continue
      const text = event.payload.toString('utf8')
      const first = waiting.shift()
      if (first) first.resolve(text)
      else heard.push(text)
    }
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      over = true
      for (const waiter of waiting.splice(0)) waiter.reject(new Error('hung up'))
      resolve()
    })
  })
  return {
    socket,
    closed,
    write: (bytes) => void socket.write(bytes),
    next: () =>
      new Promise((resolve, reject) => {
        const text = heard.shift()
        if (text !== undefined) resolve(text)
        else if (over) reject(new Error('hung up'))
        else waiting.push({ resolve, reject })
      }),
  }
}

export function dial(port: number): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      resolve(peerOf(socket))
    })
  })
}

export interface PeerServer {
  readonly port: number
  /** The next caller. */
  accept(): Promise<Peer>
  close(): Promise<void>
}

export async function servePeers(): Promise<PeerServer> {
  const callers: Peer[] = []
  const waiting: ((peer: Peer) => void)[] = []
  const sockets = new Set<Socket>()
  const server: Server = net.createServer((socket) => {
    sockets.add(socket)
    const peer = peerOf(socket)
    const first = waiting.shift()
    if (first) first(peer)
    else callers.push(peer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  return {
    port: address.port,
    accept: () =>
      new Promise((resolve) => {
        const caller = callers.shift()
        if (caller) resolve(caller)
        else waiting.push(resolve)
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

export function framed(text: string): Buffer {
  return frame(Buffer.from(text, 'utf8'))
}

/** A promise with its ends outside. */
export function makeGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
