import { createHash, timingSafeEqual } from 'node:crypto'
import type { DeliveryReport } from '../core/delivery.ts'
import type { InboundText } from '../core/inbound/inbound-text.ts'
import type { Callback } from './channel.ts'
import { cleanText } from './clean-text.ts'
import { textAt } from './json-path.ts'

/** Query parameter of our address for reports. */
export const ATTEMPT_PARAMETER = 'attempt'

/** A request of the gateway's is its own when this header holds this secret. */
interface Authenticated {
  readonly header: string
  readonly secret: string
}

/** Where a report's JSON, or its form, says what; and its words for what became of a message. */
export interface GatewayReports extends Authenticated {
  readonly id: string
  readonly status: string
  /** Where it gives our id back; absent: in the query of `{callback}`. */
  readonly attempt?: string
  readonly error?: string
  readonly delivered: readonly string[]
  readonly failed: readonly string[]
  readonly sent: readonly string[]
}

export interface GatewayInbound extends Authenticated {
  readonly id: string
  readonly from: string
  readonly text: string
}

/** Undefined: it is not the gateway's, or tells no status. */
export function readReport(reports: GatewayReports, { url, body, headers }: Callback): DeliveryReport | undefined {
  if (!isTheirs(reports, headers)) return undefined
  const said = read(body, headers)
  const word = textAt(said, reports.status)
  const status = word === undefined ? undefined : statusOf(reports, word)
  if (!status) return undefined
  const named = reports.attempt === undefined ? undefined : textAt(said, reports.attempt)
  const attemptId = named ?? (URL.canParse(url) ? new URL(url).searchParams.get(ATTEMPT_PARAMETER) : undefined)
  const error = reports.error === undefined ? undefined : textAt(said, reports.error)
  return {
    status,
    providerId: textAt(said, reports.id)?.slice(0, 200) ?? '',
    ...(attemptId && { attemptId: attemptId.slice(0, 200) }),
    ...(error !== undefined && /^\d{1,6}$/.test(error) && { errorCode: Number(error) }),
  }
}

function statusOf({ delivered, failed, sent }: GatewayReports, word: string): DeliveryReport['status'] | undefined {
  if (delivered.includes(word)) return 'delivered'
  if (failed.includes(word)) return 'undelivered'
  return sent.includes(word) ? 'sent' : undefined
}

/** Undefined: it is not the gateway's, or nobody's answer. Numbers come in any of three spellings: `+336…`, `00336…`, `336…`. */
export function readInbound(inbound: GatewayInbound, { body, headers }: Callback): InboundText | undefined {
  if (!isTheirs(inbound, headers)) return undefined
  const said = read(body, headers)
  const [id, from, text] = [textAt(said, inbound.id), textAt(said, inbound.from), textAt(said, inbound.text)]
  const number = `+${(from ?? '').replace(/^(?:\+|00)/, '')}`
  if (!id || text === undefined || !/^\+[1-9]\d{6,14}$/.test(number)) return undefined
  return { id: `gateway:${id.slice(0, 200)}`, from: number, text: cleanText(text), media: false, answered: false }
}

/** Compared in constant time, whatever their lengths. */
function isTheirs({ header, secret }: Authenticated, headers: Headers): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(headers.get(header) ?? ''), digest(secret))
}

/** JSON, or a form, by what it says it is. */
function read(body: string, headers: Headers): unknown {
  try {
    const isForm = headers.get('content-type')?.includes('x-www-form-urlencoded')
    return isForm ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body)
  } catch {
    return undefined
  }
}
