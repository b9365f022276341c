import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { deframer, frame } from './frame.ts'

export interface MllpServer {
  readonly port: number
  close(): Promise<void>
}

/** Listens for MLLP and writes `answer(message)` back to each message, in order. A peer that does not speak MLLP is hung up on. */
export async function openMllpServer(options: {
  readonly host: string
  readonly port: number
  readonly answer: (message: Uint8Array) => Uint8Array
}): Promise<MllpServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ keepAlive: true, noDelay: true }, (socket) => {
    const cut = deframer()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      try {
        for (const message of cut(chunk)) socket.write(frame(options.answer(message)))
      } catch {
        socket.destroy()
      }
    })
  })
  server.maxConnections = 16
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
