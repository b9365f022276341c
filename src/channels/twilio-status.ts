import type { DeliveryReport } from '../core/delivery.ts'
import { troubleOf } from './twilio-errors.ts'
import type { FormFields } from './twilio-signature.ts'

/** Query parameter of the callback URL that carries the attempt's id. */
export const ATTEMPT_PARAMETER = 'attempt'

/** Twilio's words (Message resource, `status`); those not here, e.g. of inbound messages, are nothing to us. */
const statusOf: ReadonlyMap<string, DeliveryReport['status']> = new Map([
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

/** What a status of Twilio's is to us. */
export function statusFrom(word: string): DeliveryReport['status'] | undefined {
  return statusOf.get(word)
}

/** Reads a status callback whose signature was found good; undefined if it tells no status of an outbound message. */
export function readStatusCallback(url: string, fields: FormFields): DeliveryReport | undefined {
  const status = statusFrom(fields.MessageStatus ?? fields.SmsStatus ?? '')
  const providerId = fields.MessageSid ?? fields.SmsSid ?? ''
  if (!status || !/^(SM|MM)[0-9a-f]{32}$/i.test(providerId)) return undefined
  const attemptId = URL.canParse(url) ? new URL(url).searchParams.get(ATTEMPT_PARAMETER) : null
  const errorCode = /^\d{3,6}$/.test(fields.ErrorCode ?? '') ? Number(fields.ErrorCode) : undefined
  const isOurs = (status === 'failed' || status === 'undelivered') && errorCode !== undefined && troubleOf(400, errorCode) === 'account'
  return {
    providerId,
    status,
    ...(attemptId && { attemptId }),
    ...(errorCode !== undefined && { errorCode }),
    ...(isOurs && { account: true as const }),
  }
}
