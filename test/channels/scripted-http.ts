import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What the server writes once it read a request whole, byte for byte; `hangUp` closes after it, and `early` before anything was read. */
export interface HttpScript {
  readonly say?: string
  readonly hangUp?: true
  readonly early?: true
}

/** An HTTP server on a real socket with no manners of its own; it counts the requests it read whole. */
export async function openScriptedHttp({ say, hangUp, early }: HttpScript) {
  const sockets = new Set<Socket>()
  let requests = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    if (early) return socket.destroy()
    let pending = ''
    socket.on('data', (chunk) => {
      pending += chunk
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0)
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0 || pending.length < headEnd + 4 + length) return
      requests++
      if (say !== undefined) socket.write(say)
      if (hangUp) socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

export function httpAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} Whatever`, ...lines, '', body].join('\r\n')
}
