import { Agent, request } from 'undici'
import { guardedLookup, type Reach, reachOfHost } from '../connectors/fhir/address.ts'
import type { WebhookTransport } from './webhooks/transport.ts'

export interface WebhookTransportOptions {
  /** Addresses may be of this machine or of a private network, and plain http there. */
  readonly allowPrivate: boolean
}

const timeoutMs = 10_000
/** Of an answer, which nobody reads. */
const mostBytes = 64 * 1024

/** To public addresses by https alone, resolved anew and looked at for each connection; no redirect is followed (R23). */
export function webhookTransport({ allowPrivate }: WebhookTransportOptions): WebhookTransport {
  const allowed = new Set<Reach>(allowPrivate ? ['public', 'private', 'loopback'] : ['public'])
  const agent = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, lookup: guardedLookup(allowed), rejectUnauthorized: true },
  })

  function refusal(text: string): ReturnType<WebhookTransport['refusal']> {
    const url = URL.parse(text)
    if (!url || (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))) return 'not_https'
    if (url.username !== '' || url.password !== '') return 'credentials'
    const reach = reachOfHost(url.hostname)
    // of an address in figures nothing is resolved, so that nobody else looks at it
    return reach !== undefined && !allowed.has(reach) ? 'address_refused' : undefined
  }

  return {
    refusal,
    async post(url, headers, body, signal) {
      if (refusal(url) !== undefined) throw Object.assign(new Error('nothing is sent there'), { code: 'ADDRESS_REFUSED' })
      const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal })
      await answer.body.dump({ limit: mostBytes, signal })
      return { status: answer.statusCode }
    },
  }
}
