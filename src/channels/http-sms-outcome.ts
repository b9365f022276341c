import { Temporal } from 'temporal-polyfill'
import type { SendOutcome } from '../core/delivery.ts'
import type { HttpExchange } from './http-exchange.ts'
import { textAt } from './json-path.ts'

export interface GatewaySuccess {
  /** Where a 2xx answer says whether the message was taken; absent: every 2xx says so. */
  readonly path?: string
  /** What stands there then. */
  readonly in?: readonly string[]
  /** Where the gateway's name of the message stands; absent: it gives none, and ours is used. */
  readonly id?: string
}

/** The gateway's codes, whatever the HTTP status, by what may happen next. */
export interface GatewayErrors {
  readonly path?: string
  readonly rejected: readonly string[]
  readonly optedOut: readonly string[]
  readonly account: readonly string[]
  readonly later: readonly string[]
}

const MAX_RETRY_AFTER_SECONDS = 3600

/**
 * What may safely happen next. Listed codes come first; without one the HTTP status decides as for any gateway: a 5xx, a timeout and a 2xx that
 * cannot be read may have been sent, a 4xx was not.
 */
export function gatewayOutcome(met: HttpExchange, success: GatewaySuccess, errors: GatewayErrors, id: string): SendOutcome {
  if (met.kind === 'failed') return { kind: met.perhapsWritten ? 'unknown' : 'deferred', reason: `gateway_${met.cause}` }
  const { status } = met
  const answer = parsed(met.body)
  const isOk = status >= 200 && status < 300
  if (isOk && isTaken(answer, success)) {
    const named = success.id === undefined ? id : textAt(answer, success.id)
    return named ? { kind: 'accepted', providerId: named.slice(0, 200) } : { kind: 'unknown', reason: 'gateway_unreadable' }
  }
  const code = errors.path === undefined ? undefined : textAt(answer, errors.path)
  const reason = `gateway_${code === undefined ? `http_${status}` : safeCode(code)}`
  if (code !== undefined) {
    if (errors.rejected.includes(code)) return { kind: 'rejected', reason }
    if (errors.optedOut.includes(code)) return { kind: 'rejected', reason, optedOut: true }
    if (errors.account.includes(code)) return { kind: 'deferred', reason, account: true }
    if (errors.later.includes(code)) return { kind: 'deferred', reason, ...retryAfterOf(met.headers['retry-after']) }
  }
  // of a 2xx that is no success by a code nobody listed, who knows
  if (isOk || status >= 500 || status === 408) return { kind: 'unknown', reason }
  if (status === 429) return { kind: 'deferred', reason, ...retryAfterOf(met.headers['retry-after']) }
  return status === 400 || status === 422 ? { kind: 'rejected', reason } : { kind: 'deferred', reason, account: true }
}

function isTaken(answer: unknown, { path, in: words }: GatewaySuccess): boolean {
  if (path === undefined) return true
  const word = textAt(answer, path)
  return word !== undefined && (words === undefined || words.includes(word))
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Codes only: a gateway's sentence may quote the recipient (R25). */
function safeCode(code: string): string {
  return /^[A-Za-z0-9_.-]{1,30}$/.test(code) && !/\d{7}/.test(code) ? code.toLowerCase().replace(/[.-]/g, '_') : 'other'
}

function retryAfterOf(header: string | undefined): { readonly retryAfter?: Temporal.Duration } {
  if (!header || !/^\d{1,9}$/.test(header)) return {}
  return { retryAfter: Temporal.Duration.from({ seconds: Math.min(Number(header), MAX_RETRY_AFTER_SECONDS) }) }
}
