import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { HL7Message } from 'hl7v2'

/** A test's side of MLLP, with its own reading of the frame. */
function frames(socket: Socket, receive: (message: string) => void): void {
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
    for (let end = text.indexOf('\x1c\r'); end >= 0; end = text.indexOf('\x1c\r')) {
      receive(text.slice(text.indexOf('\x0b') + 1, end))
      text = text.slice(end + 2)
    }
  })
}

export function acknowledge(message: string, code = 'AA'): string {
  const id = HL7Message.parse(message).header.field(10).getValue()
  return `\x0bMSH|^~\\&|RAPPEL|TILLEULS|MEDIPLAN|TILLEULS|20261124||ACK|1|P|2.5.1\rMSA|${code}|${id}\r\x1c\r`
}

/** An MLLP receiver whose `answer` may say nothing. */
export async function openReceiver(answer: (message: string) => string | undefined = (message) => acknowledge(message)) {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    frames(socket, (message) => {
      received.push(message)
      const reply = answer(message)
      if (reply) socket.write(reply)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    received,
    target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Sends messages on one connection and resolves with as many answers. */
export async function mllp(port: number, messages: readonly string[]): Promise<string[]> {
  const socket = connect({ host: '127.0.0.1', port })
  const answers: string[] = []
  await once(socket, 'connect')
  const all = new Promise<void>((resolve) => {
    frames(socket, (answer) => {
      answers.push(answer)
      if (answers.length === messages.length) resolve()
    })
  })
  for (const message of messages) socket.write(`\x0b${message}\x1c\r`)
  await all
  socket.destroy()
  return answers
}

interface Hook {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

/** A rest-hook endpoint; `status` of the nth delivery. */
export async function openHook(status: (nth: number) => number = () => 200) {
  const hooks: Hook[] = []
  const server = createHttpServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      hooks.push({ method: request.method ?? '', path: request.url ?? '', authorization: request.headers.authorization, body })
      response.writeHead(status(hooks.length)).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    hooks,
    target: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, secret: 'geheim' },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
