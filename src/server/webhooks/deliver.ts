import { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import type { WebhookAnswer, WebhookDelivery, WebhookEndpoint, WebhookEvent } from '../../core/webhook.ts'
import { isGone, isTaken, secretsAt, settleDelivery } from '../../core/webhook.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Feed } from '../feed/feed.ts'
import { eachAtOnce } from '../intake/at-once.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import { openToDo } from '../to-do.ts'
import { announce, mostEndpoints } from './announcing.ts'
import { silenceFact } from './facts.ts'
import { payloadOf, signedHeaders } from './sign.ts'
import type { WebhookTransport } from './transport.ts'

export interface WebhooksDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly transport: WebhookTransport
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
  readonly feed: Pick<Feed, 'statusOf'>
}

const batch = 20
const atOnce = 8
const longestPostMs = 15_000
/** While one is on its way nobody else sends it; longer than it takes. What a crash cut off is sent again by the same id. */
const lease = { minutes: 1 }
const lookEvery = { minutes: 1 }
const tidyEvery = { hours: 1 }
/** How long what was told can be told again. */
const kept = { hours: 30 * 24 }

interface Job {
  readonly delivery: WebhookDelivery
  readonly endpoint: WebhookEndpoint | undefined
  readonly event: WebhookEvent | undefined
}

/** Tells other systems what is written down for them, signed, and again until they take it; and that a feed fell silent. */
export function createWebhooks(deps: WebhooksDeps): Work {
  const { store, clock } = deps
  let lookAt = clock.now()
  let tidyAt = clock.now()
  return {
    name: 'webhooks',
    async step(signal) {
      const now = clock.now()
      if (Temporal.Instant.compare(lookAt, now) <= 0) {
        await lookForSilence(deps)
        lookAt = now.add(lookEvery)
      }
      if (Temporal.Instant.compare(tidyAt, now) <= 0) {
        const forgotten = await store.transact((tx) => tx.webhooks.forget(now.subtract(kept), 200))
        if (forgotten < 200) tidyAt = now.add(tidyEvery)
      }
      const jobs = await store.transact((tx) => claim(tx, clock.now()))
      // in their order for each endpoint; one that does not answer keeps nobody else waiting, and the rest of it waits for its lease
      await eachAtOnce(byEndpoint(jobs), atOnce, signal, async (queue) => {
        for (const job of queue) if (signal.aborted || !(await tell(deps, job, signal))) return
      })
      return jobs.length === batch
    },
    async nextDueAt() {
      const next = await store.read((tx) => tx.webhooks.nextDueAt())
      return next && Temporal.Instant.compare(next, lookAt) < 0 ? next : lookAt
    },
  }
}

async function claim(tx: Transaction, now: Temporal.Instant): Promise<readonly Job[]> {
  const jobs: Job[] = []
  for (const due of await tx.webhooks.due(now, batch)) {
    const delivery = { ...due, nextTryAt: now.add(lease) }
    await tx.webhooks.saveDelivery(delivery)
    jobs.push({ delivery, endpoint: await tx.webhooks.find(due.endpointId), event: await tx.webhooks.findEvent(due.eventId) })
  }
  return jobs
}

function byEndpoint(jobs: readonly Job[]): readonly (readonly Job[])[] {
  const queues = new Map<string, Job[]>()
  for (const job of jobs) queues.set(job.delivery.endpointId, [...(queues.get(job.delivery.endpointId) ?? []), job])
  return [...queues.values()]
}

/** False: it was not taken. */
async function tell(deps: WebhooksDeps, { delivery, endpoint, event }: Job, signal: AbortSignal): Promise<boolean> {
  const { store, clock, log } = deps
  if (endpoint?.state !== 'enabled' || !event) {
    await store.transact((tx) => tx.webhooks.saveDelivery({ ...delivery, state: 'failed' }))
    return true
  }
  const answer = await post(deps, endpoint, event, signal)
  // stopped as asked: it is sent again by the same id
  if (answer.status === undefined && signal.aborted) return false
  if (!isTaken(answer))
    log.warn('webhook_not_taken', {
      clinic: endpoint.clinicId,
      kind: event.type,
      ...(answer.status !== undefined && { status: answer.status }),
      ...(answer.reason !== undefined && { reason: answer.reason }),
      ref: endpoint.id,
    })
  await store.transact((tx) => record(tx, delivery, answer, clock.now()))
  return isTaken(answer)
}

async function post(
  { clock, transport }: WebhooksDeps,
  endpoint: WebhookEndpoint,
  event: WebhookEvent,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const at = clock.now()
  const body = payloadOf(event)
  const headers = signedHeaders(event.id, body, secretsAt(endpoint, at), at)
  const tookMs = () => Math.max(0, clock.now().epochMilliseconds - at.epochMilliseconds)
  try {
    const { status } = await transport.post(endpoint.url, headers, body, AbortSignal.any([signal, AbortSignal.timeout(longestPostMs)]))
    return { at, status, ms: tookMs() }
  } catch (error) {
    return { at, reason: reasonOf(error), ms: tookMs() }
  }
}

/** A code; what an error says may quote the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'TimeoutError') return 'timeout'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause instanceof Error && 'code' in error.cause && typeof error.cause.code === 'string' ? error.cause.code : 'failed'
}

async function record(tx: Transaction, sent: WebhookDelivery, answer: WebhookAnswer, now: Temporal.Instant): Promise<void> {
  const endpoint = await tx.webhooks.find(sent.endpointId)
  // removed meanwhile, with all that was on its way
  if (!endpoint) return
  const settled = settleDelivery(sent, answer, now)
  await tx.webhooks.saveDelivery(settled)
  if (settled.state !== 'failed' || endpoint.state !== 'enabled') return
  if (isGone(answer)) await disable(tx, endpoint, 'gone', now)
  else if (!(await hasTakenSince(tx, settled))) await disable(tx, endpoint, 'unanswered', now)
}

/** It takes others: only this one it will not. */
async function hasTakenSince(tx: Transaction, { endpointId, createdAt }: WebhookDelivery): Promise<boolean> {
  const [latest] = await tx.webhooks.deliveries(endpointId, 'delivered', { limit: 1 })
  const takenAt = latest?.answers.at(-1)?.at
  return takenAt !== undefined && Temporal.Instant.compare(takenAt, createdAt) >= 0
}

/** Nothing more is sent there until a person has looked. */
async function disable(tx: Transaction, endpoint: WebhookEndpoint, reason: string, now: Temporal.Instant): Promise<void> {
  const { id, clinicId } = endpoint
  await tx.webhooks.save({ ...endpoint, state: 'disabled', reason })
  await tx.audit.append({ at: now, actor: 'webhooks', action: 'webhook.disabled', subject: id, detail: { clinic: clinicId, reason } })
  await openToDo(tx, { id: `webhook:${id}`, clinicId, kind: 'webhook', reason }, now)
}

async function lookForSilence({ store, clock, sources, feed }: WebhooksDeps): Promise<void> {
  for (const [id, { clinicId }] of sources) {
    const { silent, missed, lastAt } = await feed.statusOf(id)
    if (!silent) continue
    await store.transact(async (tx) => {
      await announce(tx, silenceFact(id, lastAt, missed), clinicId, await tx.webhooks.ofClinic(clinicId, mostEndpoints), clock.now())
    })
  }
}
