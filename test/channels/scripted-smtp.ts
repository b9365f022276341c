import { type AddressInfo, createServer, type Socket } from 'node:net'

export type Moment = 'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message'

/** What the server does when a moment comes, instead of going along: says this, closes, says this and closes, or waits for ever. */
export type Act = { readonly say?: string; readonly close?: true }

const usual: Readonly<Record<Moment, string>> = {
  greeting: '220 scripted.example',
  EHLO: '250-scripted.example\r\n250 PIPELINING',
  STARTTLS: '220 go ahead',
  AUTH: '235 welcome',
  MAIL: '250 sender fine',
  RCPT: '250 recipient fine',
  DATA: '354 go on',
  message: '250 taken',
}

/** An SMTP server on a real socket that departs from good manners at one moment, and counts the messages it read whole. */
export async function openScriptedSmtp(script: Partial<Record<Moment, Act>>) {
  const sockets = new Set<Socket>()
  let messages = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    let pending = ''
    let inMessage = false
    let hasRecipient = false
    const act = (moment: Moment) => {
      const polite = moment === 'DATA' && !hasRecipient ? '503 no recipient' : usual[moment]
      const { say, close } = script[moment] ?? { say: polite }
      if (moment === 'RCPT') hasRecipient = (say ?? '').startsWith('2')
      if (say !== undefined) socket.write(close ? say : `${say}\r\n`)
      if (close) socket.end()
      inMessage = moment === 'DATA' && (say ?? '').startsWith('354')
    }
    socket.on('data', (chunk) => {
      pending += chunk
      for (;;) {
        const end = pending.indexOf(inMessage ? '\r\n.\r\n' : '\r\n')
        if (end < 0 || socket.writableEnded) return
        const line = pending.slice(0, end)
        pending = pending.slice(end + (inMessage ? 5 : 2))
        if (inMessage) messages++
        const verb = line.slice(0, 4).toUpperCase()
        act(inMessage ? 'message' : verb === 'STAR' ? 'STARTTLS' : (verb.trim() as Moment))
      }
    })
    act('greeting')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    messages: () => messages,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
