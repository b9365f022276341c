import type { FormFields } from './twilio-signature.ts'

/** Of a text message, from the weakest word to the strongest. */
export const deliveryStatuses = ['queued', 'sent', 'failed', 'undelivered', 'delivered'] as const

export type DeliveryStatus = (typeof deliveryStatuses)[number]

export interface StatusCallback {
  /** `notification#n`, from the query of the callback's URL. */
  readonly attemptId?: string
  readonly providerId: string
  readonly status: DeliveryStatus
  /** Twilio's ErrorCode, of `failed` and `undelivered`: see `troubleOf(0, code)`. */
  readonly errorCode?: number
}

/** Query parameter of the callback URL that carries the attempt's id. */
export const ATTEMPT_PARAMETER = 'attempt'

/** Twilio's words (Message resource, `status`); those not here, e.g. of inbound messages, are nothing to us. */
const statusOf: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['accepted', 'queued'],
  ['scheduled', 'queued'],
  ['queued', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
])

/** Reads a status callback whose signature was found good; undefined if it tells no status of an outbound message. */
export function readStatusCallback(url: string, fields: FormFields): StatusCallback | undefined {
  const status = statusOf.get(fields.MessageStatus ?? fields.SmsStatus ?? '')
  const providerId = fields.MessageSid ?? fields.SmsSid ?? ''
  if (!status || !/^(SM|MM)[0-9a-f]{32}$/i.test(providerId)) return undefined
  const attemptId = URL.canParse(url) ? new URL(url).searchParams.get(ATTEMPT_PARAMETER) : null
  const errorCode = /^\d{3,6}$/.test(fields.ErrorCode ?? '') ? Number(fields.ErrorCode) : undefined
  return { providerId, status, ...(attemptId && { attemptId }), ...(errorCode !== undefined && { errorCode }) }
}

/**
 * The stronger of two words, in whichever order they come: callbacks overtake each other and are repeated (R21).
 * `delivered` beats the failures: a handset that confirmed has the message, whatever a carrier says besides.
 */
export function laterStatus(a: DeliveryStatus, b: DeliveryStatus): DeliveryStatus {
  return deliveryStatuses.indexOf(a) >= deliveryStatuses.indexOf(b) ? a : b
}
