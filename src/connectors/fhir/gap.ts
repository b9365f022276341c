import type { Temporal } from 'temporal-polyfill'
import type { Envelope } from '../../core/envelope.ts'
import type { ReadBack } from '../connector.ts'
import type { FhirClient } from './client.ts'
import type { Range } from './event-numbers.ts'
import type { EventWatch } from './event-watch.ts'
import { objectsOf } from './json.ts'
import { parseReference } from './references.ts'
import { topicStatusOf } from './topic.ts'

/** Events that have not come, to be asked for when they have had time to. */
export interface Gap extends Range {
  /** Id of the Subscription. */
  readonly subscription: string
}

const request = /^Subscription\/([A-Za-z0-9\-.]{1,64})\/\$events\?eventsSinceNumber=(\d{1,15})&eventsUntilNumber=(\d{1,15})$/

/** What would be asked, kept in the inbox as a hint to ourselves: it outlives a restart. No hook can bring one, since it takes no GET. */
export function gapEnvelope({ subscription, from, until }: Gap, connectorId: string, receivedAt: Temporal.Instant): Envelope {
  const path = `Subscription/${subscription}/$events?eventsSinceNumber=${from}&eventsUntilNumber=${until}`
  return { connectorId, receivedAt, mediaType: 'application/fhir+json', body: new Uint8Array(), request: { method: 'GET', path } }
}

export function gapOf({ request: asked }: Envelope): Gap | undefined {
  const [, subscription, from, until] = (asked?.method === 'GET' && request.exec(asked.path)) || []
  return subscription ? { subscription, from: Number(from), until: Number(until) } : undefined
}

export interface GapOptions {
  readonly client: FhirClient
  readonly baseUrl: string
  readonly events: EventWatch
  /** For events that overtake each other. */
  readonly gapWaitMs: number
  readonly now: () => Temporal.Instant
}

export type GapFound =
  | { readonly kind: 'wait'; readonly answer: ReadBack }
  | { readonly kind: 'closed' }
  | { readonly kind: 'events'; readonly ids: readonly string[] }
  /** Not to be had: everything must be caught up. */
  | { readonly kind: 'lost' }

/** Waits, looks whether they have come by themselves, then asks for them (Backport IG, `$events`). */
export async function closeGap(gap: Gap, hint: Envelope, options: GapOptions, signal: AbortSignal): Promise<GapFound> {
  const { client, baseUrl, events, gapWaitMs, now } = options
  const missing = await events.missing(gap.subscription, gap)
  if (missing.length === 0) return { kind: 'closed' }
  const wait = now().until(hint.receivedAt.add({ milliseconds: gapWaitMs }), { largestUnit: 'seconds' })
  if (wait.sign > 0) return { kind: 'wait', answer: { kind: 'deferred', reason: 'events may still be on their way', retryAfter: wait } }
  const answer = await client.get(hint.request?.path ?? '', signal)
  if (answer.kind === 'failed' || answer.body.resourceType !== 'Bundle') return { kind: 'lost' }
  const statuses = objectsOf(answer.body.entry).flatMap(({ resource }) => topicStatusOf(resource) ?? [])
  const found = statuses.flatMap((status) => status.events)
  const isFound = (wanted: number) => found.some(({ number, focus }) => number === wanted && focus !== undefined)
  for (const { from, until } of missing) for (let number = from; number <= until; number++) if (!isFound(number)) return { kind: 'lost' }
  const targets = found.map(({ focus }) => parseReference(focus ?? '', baseUrl))
  return { kind: 'events', ids: targets.flatMap((each) => (each.kind === 'local' && each.type === 'Appointment' ? [each.id] : [])) }
}
