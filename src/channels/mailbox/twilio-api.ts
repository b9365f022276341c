import { randomBytes } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { smsSegments } from '../../core/gsm7.ts'
import type { CapturedMessage, KeptMessages } from './kept-messages.ts'
import { happensTo, type Misbehaviour } from './misbehaviour.ts'

export interface TwilioAccountKeys {
  /** `AC…`. */
  readonly sid: string
  /** The auth token: lets a client in, and signs the callbacks. */
  readonly token: string
}

export type MessageStatus = 'queued' | 'sent' | 'delivered' | 'undelivered'

/** What the mailbox knows of a text message besides its words. */
export interface Progress {
  readonly status: MessageStatus
  readonly errorCode?: number
}

interface TwilioApiOptions {
  readonly account: TwilioAccountKeys
  readonly kept: KeptMessages
  readonly misbehaviour: Misbehaviour
  progressOf(sid: string): Progress
  /** Called for each message taken, before it is answered. */
  taken(message: CapturedMessage): void
}

type Env = { Bindings: HttpBindings }
type Fields = Readonly<Record<string, string>>

/** Twilio's Messages resource as it is documented (https://www.twilio.com/docs/messaging/api/message-resource): create, list, fetch. */
export function twilioApi({ account, kept, misbehaviour, progressOf, taken }: TwilioApiOptions): Hono<Env> {
  const app = new Hono<Env>()
  const folder = `/2010-04-01/Accounts/${account.sid}`
  const key = `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString('base64')}`
  const resource = (message: CapturedMessage) =>
    resourceOf(account.sid, `${folder}/Messages/${message.id}.json`, message, progressOf(message.id))
  const texts = () => kept.messages().filter(({ channel }) => channel === 'sms')

  app.use(bodyLimit({ maxSize: 64 * 1024 }))
  app.use(async (c, next) => {
    if (c.req.header('Authorization') !== key) return refuse(c, 401, 20003, 'Authenticate')
    await next()
  })
  app.notFound((c) => refuse(c, 404, 20404, 'The requested resource was not found'))

  app.post(`${folder}/Messages.json`, async (c) => {
    const fields = Object.fromEntries(new URLSearchParams(await c.req.text()))
    const refusal = refusalOf(fields, misbehaviour)
    if (refusal) return refuse(c, ...refusal)
    const { To = '', From, MessagingServiceSid, Body = '', ...rest } = fields
    const from = From ?? MessagingServiceSid ?? ''
    const message = kept.keep({ id: `SM${randomBytes(16).toString('hex')}`, channel: 'sms', to: To, from, text: Body, headers: rest })
    taken(message)
    if (happensTo(misbehaviour.dropsReply, To)) {
      c.env.incoming.socket.destroy()
      return RESPONSE_ALREADY_SENT
    }
    return c.json(resource(message), 201)
  })

  app.get(`${folder}/Messages.json`, (c) => {
    const { To: to, 'DateSent>': after, PageSize = '50', Page = '0' } = c.req.query()
    const [size, page] = [Math.max(1, Math.min(1000, Number(PageSize) || 50)), Math.max(0, Number(Page) || 0)]
    const found = texts()
      .filter((message) => (to === undefined || message.to === to) && (after === undefined || message.receivedAt.toString() >= after))
      .reverse()
    const next = new URLSearchParams({ ...c.req.query(), Page: String(page + 1) })
    const hasMore = found.length > (page + 1) * size
    const messages = found.slice(page * size, (page + 1) * size).map(resource)
    return c.json({ messages, page, page_size: size, next_page_uri: hasMore ? `${folder}/Messages.json?${next}` : null })
  })

  app.get(`${folder}/Messages/:file{SM[0-9a-f]+\\.json}`, (c) => {
    const message = texts().find(({ id }) => `${id}.json` === c.req.param('file'))
    return message ? c.json(resource(message)) : refuse(c, 404, 20404, 'The requested resource was not found')
  })

  return app
}

type Refusal = readonly [status: 400 | 401 | 404 | 429 | 500, code: number, message: string]

function refusalOf({ To = '', From, MessagingServiceSid, Body, ValidityPeriod }: Fields, misbehaviour: Misbehaviour): Refusal | undefined {
  if (happensTo(misbehaviour.defers, To)) return [429, 20429, 'Too Many Requests']
  if (happensTo(misbehaviour.fails, To)) return [500, 20500, 'Internal Server Error']
  if (!/^\+[1-9]\d{6,14}$/.test(To) || happensTo(misbehaviour.refuses, To)) return [400, 21211, `Invalid 'To' Phone Number: ${To}`]
  if (happensTo(misbehaviour.stopped, To)) return [400, 21610, 'Attempt to send to unsubscribed recipient']
  if (!From && !MessagingServiceSid) return [400, 21603, "A 'From' phone number is required"]
  if (!Body) return [400, 21602, 'Message body is required']
  if (Body.length > 1600) return [400, 21617, 'The concatenated message body exceeds the 1600 character limit']
  const seconds = Number(ValidityPeriod ?? 36_000)
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 36_000 ? undefined : [400, 21624, 'Invalid validity period value']
}

function refuse(c: Context, ...[status, code, message]: Refusal): Response {
  if (status === 429) c.header('Retry-After', '1')
  return c.json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, status)
}

function resourceOf(accountSid: string, uri: string, message: CapturedMessage, { status, errorCode }: Progress) {
  const date = new Date(message.receivedAt.epochMilliseconds).toUTCString().replace('GMT', '+0000')
  return {
    sid: message.id,
    account_sid: accountSid,
    to: message.to,
    from: message.from.startsWith('MG') ? null : message.from,
    messaging_service_sid: message.from.startsWith('MG') ? message.from : null,
    body: message.text,
    status,
    num_segments: String(smsSegments(message.text).segments),
    num_media: '0',
    direction: 'outbound-api',
    api_version: '2010-04-01',
    price: null,
    price_unit: 'USD',
    error_code: errorCode ?? null,
    error_message: null,
    date_created: date,
    date_updated: date,
    date_sent: status === 'queued' ? null : date,
    uri,
    subresource_uris: {},
  }
}
