import { createServer, request } from 'node:http'
import net from 'node:net'
import { onTestFinished } from 'vitest'

/** A port that acknowledges each message at once and hands it on afterwards, as a program would that answers before it commits. */
export async function startLiar(port: number, service: number): Promise<void> {
  const server = net.createServer((sender) => {
    let behind = net.connect(service, '127.0.0.1')
    const watch = (socket: net.Socket) => socket.on('error', () => {}).on('data', () => {})
    watch(behind)
    let rest = Buffer.alloc(0)
    sender.on('error', () => {})
    sender.on('close', () => behind.destroySoon())
    sender.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf('\x1c\r'); end >= 0; end = rest.indexOf('\x1c\r')) {
        const message = rest.subarray(0, end + 2)
        rest = rest.subarray(end + 2)
        const control = message.toString('latin1').split('|')[9]
        if (behind.destroyed) {
          behind = net.connect(service, '127.0.0.1')
          watch(behind)
        }
        behind.write(message)
        sender.write(`\x0bMSH|^~\\&|RAPPEL|RAPPEL|EHR|CLINIC|20270101||ACK|1|P|2.5.1\rMSA|AA|${control}\r\x1c\r`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
}

/** The same for a hook: 200 to whatever comes, handed on afterwards, once. */
export async function startHookLiar(port: number, service: number): Promise<void> {
  const server = createServer(async (asked, answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk as Buffer)
    answer.writeHead(200, { 'content-length': 0 }).end()
    const { authorization, 'content-type': type } = asked.headers
    const headers = { authorization, 'content-type': type }
    request({ host: '127.0.0.1', port: service, path: asked.url, method: 'POST', headers }, (response) => response.resume())
      .on('error', () => {})
      .end(Buffer.concat(chunks))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
}
