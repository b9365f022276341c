import { Temporal } from 'temporal-polyfill'
import type { SendOutcome } from '../core/delivery.ts'
import type { Message } from '../core/message.ts'
import type { Channel } from './channel.ts'
import { cleanText } from './clean-text.ts'
import type { HttpExchange } from './http-exchange.ts'
import { openTwilio, type TwilioAccount } from './twilio-client.ts'
import { troubleOf } from './twilio-errors.ts'
import { findAtTwilio } from './twilio-find.ts'
import { readInboundMessage, toTwiml } from './twilio-inbound.ts'
import { type FormFields, isSignedByTwilio } from './twilio-signature.ts'
import { ATTEMPT_PARAMETER, readStatusCallback } from './twilio-status.ts'

export type TwilioSmsOptions = TwilioAccount & {
  /** Public https address of the status callback; the attempt's id is appended to its query. Absent: no callbacks. */
  readonly statusCallbackUrl?: string
  /** Twilio answers STOP, START and HELP of this number in its own words, as it does in North America; else we do. */
  readonly answersKeywords?: boolean
} & ({ readonly from: string } | { readonly messagingServiceSid: string })

/** Seconds Twilio accepts as ValidityPeriod (error 90007). */
const VALIDITY = { min: 1, max: 36_000 }
const MAX_RETRY_AFTER_SECONDS = 3600

/** Text messages by Twilio's Messages resource. Throws if an option can never work. */
export function twilioSms(options: TwilioSmsOptions): Channel {
  if (!/^AC[0-9a-f]{32}$/i.test(options.accountSid)) throw new Error('Twilio: accountSid must be AC and 32 hexadecimal digits')
  if (options.statusCallbackUrl && !URL.canParse(options.statusCallbackUrl)) throw new Error('Twilio: statusCallbackUrl must be a URL')
  return {
    kind: 'sms',
    async send(message, signal) {
      const request = requestOf(options, message)
      const session = await openTwilio(options, signal)
      try {
        const { sid } = await session.client.messages.create(request)
        return outcomeOf(session.lastExchange(), sid)
      } catch {
        return outcomeOf(session.lastExchange())
      }
    },
    readReport({ url, body, headers }) {
      const fields = signedFields(options.authToken, url, body, headers)
      return fields && readStatusCallback(url, fields)
    },
    find: (sought, signal) => findAtTwilio(options, sought, signal),
    readInbound({ url, body, headers }) {
      const fields = signedFields(options.authToken, url, body, headers)
      return fields && readInboundMessage(fields, options.answersKeywords ?? true)
    },
    answerInbound: (text) => ({ contentType: 'text/xml; charset=utf-8', body: toTwiml(text) }),
  }
}

/** Undefined: it was not signed with our token for exactly this address and these fields (R30). Twilio signs no time: a replay is known by its sid. */
function signedFields(authToken: string | undefined, url: string, body: string, headers: Headers): FormFields | undefined {
  if (authToken === undefined) return undefined
  const fields = Object.fromEntries(new URLSearchParams(body))
  return isSignedByTwilio(authToken, url, fields, headers.get('x-twilio-signature') ?? undefined) ? fields : undefined
}

function requestOf(options: TwilioSmsOptions, message: Message) {
  const sender = 'from' in options ? { from: options.from } : { messagingServiceSid: options.messagingServiceSid }
  const statusCallback = options.statusCallbackUrl && callbackFor(options.statusCallbackUrl, message.attemptId)
  return {
    ...sender,
    to: message.to,
    body: cleanText(message.words.sms),
    validityPeriod: validitySeconds(message.sentAt, message.notAfter),
    ...(statusCallback && { statusCallback }),
  }
}

function callbackFor(statusCallbackUrl: string, attemptId: string): string {
  const url = new URL(statusCallbackUrl)
  url.searchParams.set(ATTEMPT_PARAMETER, attemptId)
  return url.href
}

/** How long Twilio may keep the message in its queue (R10), rounded down: late is worse than not at all. */
export function validitySeconds(sentAt: Temporal.Instant, notAfter: Temporal.Instant): number {
  const seconds = Math.floor(notAfter.since(sentAt).total('seconds'))
  return Math.min(VALIDITY.max, Math.max(VALIDITY.min, seconds))
}

/**
 * What may safely happen next. Twilio has no idempotency key, and nowhere promises that a 5xx created nothing: its advice to repeat
 * them accepts a second text. So every 5xx is `unknown`, as are a timeout, a reset and an answer that cannot be read once the
 * connection stood. A 4xx certainly created nothing; when it is the account's trouble it is ours to mend, and the message waits.
 */
function outcomeOf(met: HttpExchange | undefined, sid?: string): SendOutcome {
  if (!met) return { kind: 'deferred', reason: 'twilio_no_request' }
  if (met.kind === 'failed') return { kind: met.perhapsWritten ? 'unknown' : 'deferred', reason: `twilio_${met.cause}` }
  if (met.status >= 200 && met.status < 300) {
    return sid && /^(SM|MM)[0-9a-f]{32}$/i.test(sid)
      ? { kind: 'accepted', providerId: sid }
      : { kind: 'unknown', reason: 'twilio_unreadable' }
  }
  const code = codeOf(met.body)
  const reason = `twilio_${code ?? `http_${met.status}`}`
  if (met.status >= 500 || met.status === 408) return { kind: 'unknown', reason }
  switch (troubleOf(met.status, code)) {
    case 'permanent':
      return { kind: 'rejected', reason }
    case 'opted_out':
      return { kind: 'rejected', reason, optedOut: true }
    case 'account':
      return { kind: 'deferred', reason, account: true, ...retryAfterOf(met.headers['retry-after']) }
    case 'transient':
      return { kind: 'deferred', reason, ...retryAfterOf(met.headers['retry-after']) }
  }
}

/** Twilio's `code` in an error body: a number, or nothing. The message beside it may quote the recipient (R25). */
function codeOf(body: string): number | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    const code = typeof parsed === 'object' && parsed && 'code' in parsed ? parsed.code : undefined
    return typeof code === 'number' && Number.isInteger(code) && code > 0 && code < 1_000_000 ? code : undefined
  } catch {
    return undefined
  }
}

function retryAfterOf(header: string | undefined): { readonly retryAfter?: Temporal.Duration } {
  if (!header || !/^\d{1,9}$/.test(header)) return {}
  return { retryAfter: Temporal.Duration.from({ seconds: Math.min(Number(header), MAX_RETRY_AFTER_SECONDS) }) }
}
