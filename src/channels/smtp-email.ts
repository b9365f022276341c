import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { writeCalendar } from '../core/calendar.ts'
import type { Message } from '../core/message.ts'
import type { Channel } from './channel.ts'
import { cleanLine } from './clean-text.ts'
import { withDeadline } from './deadline.ts'
import { emailHtml } from './email-html.ts'
import { emailText } from './email-text.ts'
import { failureOf } from './smtp-outcome.ts'

export interface SmtpEmailOptions {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (port 465). Else STARTTLS is required, except to a loopback host. */
  readonly secure?: boolean
  /** Says that patient data may cross a network in clear. */
  readonly insecure?: boolean
  readonly user?: string
  readonly pass?: string
  /** Without a name, the clinic's own stands in the From line. */
  readonly from: { readonly name?: string; readonly address: string }
  readonly replyTo?: string
  /** Right of the @ in a Message-ID; a domain of ours. */
  readonly messageIdDomain: string
  /** Of the whole dialogue. */
  readonly timeoutMs: number
}

/** One address, nothing beside it: no list, comment, quoting or line break (RFC 5321 dot-string; other alphabets by RFC 6531). */
const ONE_ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]{1,64}@[^\s\p{Cc}<>()[\]\\,;:"@]{1,255}$/u

/** E-mail by SMTP submission, one connection per message: a pool of nodemailer's sends again by itself, without limit. Throws if an option can never work. */
export function smtpEmail(options: SmtpEmailOptions): Channel {
  const { from, replyTo, messageIdDomain } = options
  if (!ONE_ADDRESS.test(from.address)) throw new Error('SMTP: from.address must be one plain address')
  if (replyTo !== undefined && !ONE_ADDRESS.test(replyTo)) throw new Error('SMTP: replyTo must be one plain address')
  if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/i.test(messageIdDomain)) throw new Error('SMTP: messageIdDomain must be a domain')
  return {
    kind: 'email',
    async send(message, signal) {
      if (!ONE_ADDRESS.test(message.to)) return { kind: 'rejected', reason: 'invalid_address' }
      const mail = mailOf(options, message)
      let wasRead = false
      // on first use: forty files that no start has to wait for
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(transportOf(options))
      transport.use('stream', (compiled, done) => {
        compiled.message.processFunc((content: Readable) =>
          onFirstRead(content, () => {
            wasRead = true
          }),
        )
        done()
      })
      try {
        await withDeadline(signal, options.timeoutMs, (bounded) => transport.sendMail({ ...mail, signal: bounded }))
        return { kind: 'accepted', providerId: mail.messageId }
      } catch (error) {
        return failureOf(error, wasRead)
      } finally {
        transport.close()
      }
    },
  }
}

/** The same for every try of one notification, so that a mailbox which got two can show one. */
export function messageIdOf(notificationId: string, domain: string): string {
  return `<${createHash('sha256').update(notificationId).digest('hex')}@${domain}>`
}

export function transportOf(options: SmtpEmailOptions) {
  const { host, port, secure = false, user, timeoutMs } = options
  const inClear = options.insecure || isLoopback(host)
  return {
    host,
    port,
    secure,
    // Where clear text would do, TLS with a certificate of nobody's is no worse: Debian's Postfix answers localhost with one.
    ...(inClear ? { opportunisticTLS: true, tls: { rejectUnauthorized: false } } : { requireTLS: !secure }),
    ...(user !== undefined && { auth: { user, pass: options.pass ?? '' }, forceAuth: true }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function mailOf(options: SmtpEmailOptions, message: Message) {
  return {
    from: { name: cleanLine(options.from.name ?? message.clinic.name), address: options.from.address },
    to: { name: '', address: message.to },
    ...(options.replyTo && { replyTo: { name: '', address: options.replyTo } }),
    subject: cleanLine(message.words.subject),
    text: emailText(message),
    html: emailHtml(message),
    messageId: messageIdOf(message.notificationId, options.messageIdDomain),
    date: new Date(message.sentAt.epochMilliseconds),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...unsubscribeHeaders(message) },
    xMailer: false as const,
    ...calendarPart(message, options.from),
  }
}

/** A mail program shows a button of its own for it; one press is enough where the address is https (RFC 8058). */
function unsubscribeHeaders({ unsubscribeUrl: url }: Message): Record<string, string> {
  if (url === undefined || !/^https?:\/\/[!-;=?-~]+$/.test(url)) return {}
  return { 'List-Unsubscribe': `<${url}>`, ...(url.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }) }
}

/** As a part the mail program may show, and as a file to open. What is off takes its entry away (RFC 5546, 3.2.5). */
function calendarPart({ calendar, clinic }: Message, from: SmtpEmailOptions['from']) {
  if (!calendar) return {}
  const method = calendar.off ? ('CANCEL' as const) : ('PUBLISH' as const)
  const organizer = { name: cleanLine(from.name ?? clinic.name), address: from.address }
  return { icalEvent: { method, filename: 'rendez-vous.ics', content: writeCalendar(calendar, method, organizer) } }
}

/** nodemailer reads the message only once the server said 354: from then on it may have it. Its error codes do not tell before from after. */
function onFirstRead(content: Readable, note: () => void): Readable {
  async function* read() {
    note()
    yield* content
  }
  return Readable.from(read(), { objectMode: false })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
