import type { Temporal } from 'temporal-polyfill'
import type { SendOutcome } from '../core/delivery.ts'
import type { Channel } from './channel.ts'
import { cleanText } from './clean-text.ts'
import { exchange } from './http-exchange.ts'
import { ATTEMPT_PARAMETER, type GatewayInbound, type GatewayReports, readInbound, readReport } from './http-sms-callbacks.ts'
import { type GatewayErrors, type GatewaySuccess, gatewayOutcome } from './http-sms-outcome.ts'
import { fill, fillText, namesIn, type Template } from './placeholders.ts'

/**
 * A gateway for text messages, described by data. Texts may hold `{to}` (E.164), `{toDigits}` (without its plus), `{from}`, `{text}`, `{id}` (the
 * attempt's), `{validity}` (seconds), `{callback}` (our address for its reports) and `{secret.name}`.
 */
export interface HttpSmsOptions {
  /** https, or http on this machine. */
  readonly url: string
  readonly method: 'POST' | 'PUT' | 'GET'
  readonly from?: string
  readonly secrets: Readonly<Record<string, string>>
  /** Of these, only `{id}` and secrets. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** One of both, or none. */
  readonly form?: Readonly<Record<string, string>>
  readonly json?: Template
  readonly success: GatewaySuccess
  readonly errors: GatewayErrors
  readonly reports?: GatewayReports
  readonly inbound?: GatewayInbound
  /** Public address of reports; the attempt's id is appended to its query. */
  readonly callbackUrl: string
  readonly timeoutMs: number
}

const known = ['to', 'toDigits', 'from', 'text', 'id', 'validity', 'callback']
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Text messages by any gateway that takes one HTTP request for each. Throws if an option can never work. */
export function httpSms(options: HttpSmsOptions): Channel {
  const fault = faultOf(options)
  if (fault !== undefined) throw new Error(`sms: ${fault}`)
  const { reports, inbound } = options
  const send = (words: Words, signal: AbortSignal) => sendText(options, words, signal)
  return {
    kind: 'sms',
    send({ to, words, attemptId, sentAt, notAfter }, signal) {
      return send({ to, text: words.sms, id: attemptId, validity: secondsBetween(sentAt, notAfter) }, signal)
    },
    reply: ({ to, text, id }, signal) => send({ to, text, id, validity: 3600 }, signal),
    ...(reports && { readReport: (callback) => readReport(reports, callback) }),
    ...(inbound && { readInbound: (callback) => readInbound(inbound, callback) }),
  }
}

/** What must not wait until the first message to be noticed. */
function faultOf({ url, headers, query, form, json, secrets, method }: HttpSmsOptions): string | undefined {
  if (!URL.canParse(url) || new URL(url).username) return 'url must be an address without user or password'
  if (form && json !== undefined) return 'give form or json, and not both'
  if (method === 'GET' && (form || json !== undefined)) return 'GET has no body: use query'
  const names = namesIn([headers, query, form ?? {}, json ?? null, url])
  const allowed = new Set([...known, ...Object.keys(secrets).map((name) => `secret.${name}`)])
  const unknown = [...names].find((name) => !allowed.has(name))
  if (unknown !== undefined) return `nothing is called {${unknown}}: there are ${[...allowed].map((name) => `{${name}}`).join(', ')}`
  if (!names.has('text')) return 'no {text} in query, form or json'
  if (!names.has('to') && !names.has('toDigits')) return 'no {to} or {toDigits} in query, form or json'
  if ([...namesIn(url)].length > 0) return 'url holds no placeholder: use query'
  const header = Object.entries(headers).find(
    ([name, value]) => !token.test(name) || [...namesIn(value)].some((each) => each !== 'id' && !each.startsWith('secret.')),
  )
  return header && `the header ${header[0]} may hold {id} and secrets only`
}

interface Words {
  readonly to: string
  readonly text: string
  readonly id: string
  readonly validity: number
}

async function sendText(options: HttpSmsOptions, { to, text, id, validity }: Words, signal: AbortSignal): Promise<SendOutcome> {
  const { url, method, form, json, from = '', secrets, headers, query, success, errors, timeoutMs } = options
  const values = {
    to,
    toDigits: to.replace(/^\+/, ''),
    from,
    text: cleanText(text),
    id,
    validity: String(validity),
    callback: callbackFor(options.callbackUrl, id),
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`secret.${name}`, value])),
  }
  const address = new URL(url)
  for (const [name, value] of Object.entries(query)) address.searchParams.append(name, fillText(value, values))
  const body = form
    ? { type: 'application/x-www-form-urlencoded', text: encodeForm(form, values) }
    : json !== undefined
      ? { type: 'application/json', text: JSON.stringify(fill(json, values)) }
      : undefined
  const met = await exchange(
    {
      method,
      url: address.href,
      headers: {
        Accept: 'application/json',
        ...(body && { 'Content-Type': body.type }),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fillText(value, values)])),
      },
      timeoutMs,
      ...(body && { body: body.text }),
    },
    signal,
  )
  return gatewayOutcome(met, success, errors, id)
}

function encodeForm(form: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(form).map(([name, value]) => [name, fillText(value, values)])).toString()
}

function callbackFor(callbackUrl: string, id: string): string {
  const url = new URL(callbackUrl)
  url.searchParams.set(ATTEMPT_PARAMETER, id)
  return url.href
}

/** How long the gateway may keep it (R10), rounded down; a minute at least, less is none to most. */
function secondsBetween(from: Temporal.Instant, until: Temporal.Instant): number {
  return Math.max(60, Math.floor(until.since(from).total('seconds')))
}
