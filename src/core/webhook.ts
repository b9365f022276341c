import type { Temporal } from 'temporal-polyfill'

/** What other systems of a clinic may be told of. */
export const webhookEvents = [
  'appointment.confirmed',
  'appointment.cancelled',
  'appointment.arrived',
  'appointment.moved',
  'notification.sent',
  'notification.failed',
  'notification.suppressed',
  'write_back.verified',
  'write_back.failed',
  'write_back.diverged',
  'to_call.opened',
  'quarantine.opened',
  'connector.silent',
] as const

export type WebhookEventType = (typeof webhookEvents)[number]

/** One address that is told. */
export interface WebhookEndpoint {
  readonly id: string
  readonly clinicId: string
  readonly url: string
  /** Of those alone; empty: of all. */
  readonly events: readonly WebhookEventType[]
  readonly description?: string
  /** What it is signed with, the newest first; each message is signed with all that are not over. */
  readonly secrets: readonly WebhookSecret[]
  readonly state: 'enabled' | 'disabled'
  /** Why it is disabled: `unanswered`, `gone`, `by_hand`. */
  readonly reason?: string
  readonly createdAt: Temporal.Instant
  readonly createdBy: string
}

export interface WebhookSecret {
  /** `whsec_` and base64. */
  readonly secret: string
  /** Of one that was replaced; absent: until it is. */
  readonly until?: Temporal.Instant
}

/** One fact, told in the least words: ids and codes, no name, contact or text. */
export interface WebhookEvent {
  /** Derived from the fact: the same for every endpoint, try and replay, so that the receiver knows it again. */
  readonly id: string
  readonly clinicId: string
  readonly type: WebhookEventType
  readonly at: Temporal.Instant
  readonly data: Readonly<Record<string, string | number | boolean>>
}

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  readonly endpointId: string
  readonly eventId: string
  readonly type: WebhookEventType
  /** `failed`: its tries are used up, or its endpoint was disabled meanwhile. */
  readonly state: 'pending' | 'delivered' | 'failed'
  readonly createdAt: Temporal.Instant
  /** Since it was last asked for. */
  readonly attempts: number
  readonly nextTryAt: Temporal.Instant
  /** The latest ones, oldest first. */
  readonly answers: readonly WebhookAnswer[]
}

export interface WebhookAnswer {
  readonly at: Temporal.Instant
  /** HTTP; absent: there was none. */
  readonly status?: number
  /** A code, where there was none: `timeout`, `ADDRESS_REFUSED`. */
  readonly reason?: string
  readonly ms: number
}

/** As Standard Webhooks advises: at once, then over three days and some. In seconds, from the try before. */
const waits: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]

const mostAnswers = 20

export function isWanted({ state, events }: Pick<WebhookEndpoint, 'state' | 'events'>, type: WebhookEventType): boolean {
  return state === 'enabled' && (events.length === 0 || events.includes(type))
}

export function newDelivery(endpointId: string, { id, type }: WebhookEvent, now: Temporal.Instant): WebhookDelivery {
  return { endpointId, eventId: id, type, state: 'pending', createdAt: now, attempts: 0, nextTryAt: now, answers: [] }
}

/** The same event once more, from the beginning: somebody asked for it. */
export function redeliver(delivery: WebhookDelivery, now: Temporal.Instant): WebhookDelivery {
  return { ...delivery, state: 'pending', attempts: 0, nextTryAt: now }
}

/** Only a 2xx says that it was taken (Standard Webhooks); 410 says that nothing more is wanted there. */
export function settleDelivery(delivery: WebhookDelivery, answer: WebhookAnswer, now: Temporal.Instant): WebhookDelivery {
  const attempts = delivery.attempts + 1
  const base = { ...delivery, attempts, answers: [...delivery.answers, answer].slice(-mostAnswers) }
  if (isTaken(answer)) return { ...base, state: 'delivered' }
  const wait = waits[attempts - 1]
  return wait === undefined || isGone(answer)
    ? { ...base, state: 'failed' }
    : { ...base, state: 'pending', nextTryAt: now.add({ seconds: wait }) }
}

export function isTaken({ status }: WebhookAnswer): boolean {
  return status !== undefined && status >= 200 && status < 300
}

export function isGone({ status }: WebhookAnswer): boolean {
  return status === 410
}

/** How long a secret that was replaced signs beside the new one. */
const overlap = { hours: 24 }

/** With a new secret; the one before holds for a day, older ones are gone. */
export function rotated(endpoint: WebhookEndpoint, secret: string, now: Temporal.Instant): WebhookEndpoint {
  const [before] = endpoint.secrets
  return { ...endpoint, secrets: [{ secret }, ...(before ? [{ ...before, until: now.add(overlap) }] : [])] }
}

/** What signs now. */
export function secretsAt({ secrets }: Pick<WebhookEndpoint, 'secrets'>, now: Temporal.Instant): readonly string[] {
  return secrets.flatMap(({ secret, until }) => (until && until.epochMilliseconds <= now.epochMilliseconds ? [] : [secret]))
}
