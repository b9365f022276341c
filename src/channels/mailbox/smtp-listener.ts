import { randomUUID } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { KeptMessages } from './kept-messages.ts'
import { happensTo, type Misbehaviour } from './misbehaviour.ts'

export interface SmtpListener {
  readonly port: number
  close(): Promise<void>
}

interface SmtpListenerOptions {
  readonly host: string
  readonly port: number
  readonly kept: KeptMessages
  readonly misbehaviour: Misbehaviour
}

const MAX_BYTES = 1024 * 1024
const MAX_CLIENTS = 100

/** An SMTP server that keeps what it is given. No TLS and no login: it is for one machine. Rejects if it cannot listen. */
export async function listenSmtp({ host, port, kept, misbehaviour }: SmtpListenerOptions): Promise<SmtpListener> {
  const sockets = new Map<number, Socket>()
  const server = new SMTPServer({
    name: 'mailbox.localhost',
    banner: 'captured mailbox: nothing leaves',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    maxClients: MAX_CLIENTS,
    socketTimeout: 30_000,
    closeTimeout: 1,
    logger: false,
    onRcptTo({ address }, _session, done) {
      if (happensTo(misbehaviour.defers, address)) return done(reply(451, 'Try again later'))
      const isRefused = happensTo(misbehaviour.refuses, address) || happensTo(misbehaviour.stopped, address)
      done(isRefused ? reply(550, 'No such mailbox') : null)
    },
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address)
      const isStruck = (misbehaves: Misbehaviour['fails']) => recipients.some((to) => happensTo(misbehaves, to))
      readMail(stream, session).then((mail) => {
        if (mail === 'too_large') return done(reply(552, 'Message too large'))
        if (isStruck(misbehaviour.fails)) return done(reply(451, 'Local error in processing'))
        for (const to of recipients) kept.keep({ ...mail, id: randomUUID(), channel: 'email', to })
        if (isStruck(misbehaviour.dropsReply)) return sockets.get(session.remotePort)?.destroy()
        done(null, 'Captured')
      }, done)
    },
  })
  // A client that goes away in the middle is its own affair; each session ends alone.
  server.on('error', () => undefined)
  server.server.on('connection', (socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        for (const socket of sockets.values()) socket.destroy()
      }),
  }
}

async function readMail(stream: SMTPServerDataStream, session: SMTPServerSession) {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk)
  if (stream.sizeExceeded) return 'too_large'
  const mail = await PostalMime.parse(Buffer.concat(chunks))
  const from = mail.from?.address ?? (session.envelope.mailFrom ? session.envelope.mailFrom.address : '')
  return {
    from,
    text: mail.text?.trimEnd() ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    ...(mail.subject !== undefined && { subject: mail.subject }),
    ...(mail.html !== undefined && { html: mail.html }),
  }
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}
