import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { WebhookEndpoint, WebhookEvent } from '../../core/webhook.ts'
import { isWanted, newDelivery, redeliver, rotated } from '../../core/webhook.ts'
import type { Transaction } from '../../store/store.ts'
import { timeOrderedId } from '../ids.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { mostEndpoints } from './announcing.ts'
import { newSecret } from './sign.ts'

/** What somebody does, for the API and for the console: each act and its audit row in the caller's transaction. */
export interface WebhookAct {
  readonly caller: Caller
  readonly now: Temporal.Instant
}

export type EndpointWanted = Pick<WebhookEndpoint, 'url' | 'events' | 'description'>

/** With the secret that is shown this once. */
export interface EndpointMade {
  readonly endpoint: WebhookEndpoint
  readonly secret: string
}

/** A clinic's own; another's is not there. */
export async function findEndpoint(tx: Transaction, clinicId: string, id: string): Promise<WebhookEndpoint | undefined> {
  const endpoint = await tx.webhooks.find(id)
  return endpoint?.clinicId === clinicId ? endpoint : undefined
}

/** Undefined: the clinic has as many as it may. */
export async function addEndpoint(
  tx: Transaction,
  clinicId: string,
  wanted: EndpointWanted,
  { caller, now }: WebhookAct,
): Promise<EndpointMade | undefined> {
  if ((await tx.webhooks.ofClinic(clinicId, mostEndpoints)).length >= mostEndpoints) return undefined
  const secret = newSecret()
  const endpoint: WebhookEndpoint = {
    ...wanted,
    id: `we_${timeOrderedId(now)}`,
    clinicId,
    secrets: [{ secret }],
    state: 'enabled',
    createdAt: now,
    createdBy: actorOf(caller),
  }
  await tx.webhooks.save(endpoint)
  await note(tx, 'added', endpoint, { caller, now })
  return { endpoint, secret }
}

/** Switched on again, it is told what happens from now on; what it missed is told again on request. */
export async function changeEndpoint(
  tx: Transaction,
  before: WebhookEndpoint,
  { state, ...wanted }: EndpointWanted & Pick<WebhookEndpoint, 'state'>,
  act: WebhookAct,
): Promise<WebhookEndpoint> {
  const { reason: _, description: __, ...rest } = before
  const kept = before.state === 'disabled' && before.reason !== undefined ? before.reason : 'by_hand'
  const endpoint: WebhookEndpoint = { ...rest, ...wanted, state, ...(state === 'disabled' && { reason: kept }) }
  await tx.webhooks.save(endpoint)
  await note(tx, 'changed', endpoint, act)
  return endpoint
}

/** The secret of before signs for a day more. */
export async function rotateSecret(tx: Transaction, before: WebhookEndpoint, act: WebhookAct): Promise<EndpointMade> {
  const secret = newSecret()
  const endpoint = rotated(before, secret, act.now)
  await tx.webhooks.save(endpoint)
  await note(tx, 'rotated', endpoint, act)
  return { endpoint, secret }
}

export async function removeEndpoint(tx: Transaction, endpoint: WebhookEndpoint, act: WebhookAct): Promise<void> {
  await tx.webhooks.remove(endpoint.id)
  await note(tx, 'removed', endpoint, act)
}

/** Of one request; what is more is asked for from where it ended. */
export const mostReplayed = 500

/** One event by its id, or those of a time. */
export type ReplayAsked = { readonly event: string } | { readonly from: Temporal.Instant; readonly until: Temporal.Instant }

export interface Replayed {
  readonly count: number
  /** Where it ended, where there may be more. */
  readonly until?: Temporal.Instant
}

/** The same events once more, by the same ids; those it does not want are left out. */
export async function replay(tx: Transaction, endpoint: WebhookEndpoint, asked: ReplayAsked, act: WebhookAct): Promise<Replayed> {
  const events = await eventsAsked(tx, endpoint.clinicId, asked)
  let count = 0
  for (const event of events) {
    if (!isWanted(endpoint, event.type)) continue
    const known = await tx.webhooks.findDelivery(endpoint.id, event.id)
    await tx.webhooks.saveDelivery(known ? redeliver(known, act.now) : newDelivery(endpoint.id, event, act.now))
    count += 1
  }
  await note(tx, 'replayed', endpoint, act, { count })
  const until = events.length < mostReplayed ? undefined : events.at(-1)?.at
  return { count, ...(until && { until }) }
}

async function eventsAsked(tx: Transaction, clinicId: string, asked: ReplayAsked): Promise<readonly WebhookEvent[]> {
  if (!('event' in asked)) return tx.webhooks.events(clinicId, { ...asked, limit: mostReplayed })
  const event = await tx.webhooks.findEvent(asked.event)
  return event?.clinicId === clinicId ? [event] : []
}

async function note(
  tx: Transaction,
  what: string,
  { id, clinicId, state }: WebhookEndpoint,
  { caller, now }: WebhookAct,
  more: Readonly<Record<string, number>> = {},
): Promise<void> {
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: `webhook.${what}`,
    subject: id,
    detail: { clinic: clinicId, state, ...more },
  })
}
