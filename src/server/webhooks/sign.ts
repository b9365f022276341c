import { createHmac, randomBytes } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { WebhookEvent } from '../../core/webhook.ts'

/** Shown once: who knows it can speak as us. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** What is told, in the form of Standard Webhooks. */
export function payloadOf({ type, at, clinicId, data }: WebhookEvent): string {
  return JSON.stringify({ type, timestamp: at.toString(), data: { clinic: clinicId, ...data } })
}

/** Standard Webhooks 1.0: by every secret that holds, so that a receiver may change over in its own time. */
export function signedHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  now: Temporal.Instant,
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(now.epochMilliseconds / 1000)
  return {
    'content-type': 'application/json',
    'user-agent': 'Rappel',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`).join(' '),
  }
}

function sign(secret: string, text: string): string {
  return createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(text)
    .digest('base64')
}
