import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Temporal } from 'temporal-polyfill'
import { type CapturedMessage, type KeptMessages, keptMessages } from './kept-messages.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { listenSmtp } from './smtp-listener.ts'
import { statusCallbacks } from './status-callbacks.ts'
import { type TwilioAccountKeys, twilioApi } from './twilio-api.ts'

export interface MailboxOptions {
  /** Loopback unless said: whoever reaches it reads every message. */
  readonly host?: string
  /** 0 or absent: any free one. */
  readonly smtpPort?: number
  readonly twilioPort?: number
  readonly account: TwilioAccountKeys
  readonly now?: () => Temporal.Instant
  /** For tests: what goes wrong, and for whom. */
  readonly misbehaviour?: Misbehaviour
}

/** A stand-in for every provider: real SMTP and Twilio's HTTP contract on one side, a list of messages on the other. Nothing leaves the machine. */
export interface Mailbox extends KeptMessages {
  readonly smtpPort: number
  /** For `baseUrl` of `twilioSms`. */
  readonly twilioUrl: string
  close(): Promise<void>
}

/** Rejects if a port is taken. */
export async function openMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { host = '127.0.0.1', smtpPort = 0, twilioPort = 0, account, now = () => Temporal.Now.instant(), misbehaviour = {} } = options
  const kept = keptMessages(now)
  const callbacks = statusCallbacks(account, misbehaviour)
  const smtp = await listenSmtp({ host, port: smtpPort, kept, misbehaviour })
  try {
    const taken = (message: CapturedMessage) => callbacks.run(message)
    const http = await listenHttp(twilioApi({ account, kept, misbehaviour, progressOf: callbacks.progressOf, taken }), host, twilioPort)
    return {
      ...kept,
      smtpPort: smtp.port,
      twilioUrl: `http://${host}:${http.port}`,
      async close() {
        await Promise.all([smtp.close(), http.close(), callbacks.close()])
      },
    }
  } catch (error) {
    await smtp.close()
    throw error
  }
}

async function listenHttp(app: ReturnType<typeof twilioApi>, host: string, port: number) {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { requestTimeout: 30_000 } })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
