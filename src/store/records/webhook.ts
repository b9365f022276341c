import type { WebhookAnswer, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookEventType, WebhookSecret } from '../../core/webhook.ts'
import { dictionary, instant, list, number, oneOf, optional, record, scalar, text } from '../codec.ts'

const type = oneOf<WebhookEventType>({
  'appointment.confirmed': true,
  'appointment.cancelled': true,
  'appointment.arrived': true,
  'appointment.moved': true,
  'notification.sent': true,
  'notification.failed': true,
  'notification.suppressed': true,
  'write_back.verified': true,
  'write_back.failed': true,
  'write_back.diverged': true,
  'to_call.opened': true,
  'quarantine.opened': true,
  'connector.silent': true,
})

const secret = record<WebhookSecret>({ secret: text, until: optional(instant) })

export const endpointRecord = record<WebhookEndpoint>({
  id: text,
  clinicId: text,
  url: text,
  events: list(type),
  description: optional(text),
  secrets: list(secret),
  state: oneOf<WebhookEndpoint['state']>({ enabled: true, disabled: true }),
  reason: optional(text),
  createdAt: instant,
  createdBy: text,
})

export const eventRecord = record<WebhookEvent>({ id: text, clinicId: text, type, at: instant, data: dictionary(scalar) })

const answer = record<WebhookAnswer>({ at: instant, status: optional(number), reason: optional(text), ms: number })

export const deliveryRecord = record<WebhookDelivery>({
  endpointId: text,
  eventId: text,
  type,
  state: oneOf<WebhookDelivery['state']>({ pending: true, delivered: true, failed: true }),
  createdAt: instant,
  attempts: number,
  nextTryAt: instant,
  answers: list(answer),
})
