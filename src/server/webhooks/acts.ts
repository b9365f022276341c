import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { WebhookEndpoint, WebhookEvent } from '../../core/webhook.ts'
import { isWanted, newDelivery, redeliver, rotated } from '../../core/webhook.ts'
import type { Transaction } from '../../store/store.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { mostEndpoints } from './announcing.ts'

/** What somebody does, for the API and for the console: each act and its audit row in the caller's transaction. */
export interface WebhookAct {
  readonly caller: Caller
  readonly now: Temporal.Instant
}

export type EndpointWanted = Pick<WebhookEndpoint, 'url' | 'events' | 'description'>

export interface NewEndpoint extends EndpointWanted {
  readonly id: string
  readonly clinicId: string
  readonly secret: string
}

/** Undefined: the clinic has as many as it may. */
export async function addEndpoint(
  tx: Transaction,
  { secret, ...wanted }: NewEndpoint,
  { caller, now }: WebhookAct,
): Promise<WebhookEndpoint | undefined> {
  if ((await tx.webhooks.ofClinic(wanted.clinicId, mostEndpoints)).length >= mostEndpoints) return undefined
  const endpoint: WebhookEndpoint = { ...wanted, secrets: [{ secret }], state: 'enabled', createdAt: now, createdBy: actorOf(caller) }
  await tx.webhooks.save(endpoint)
  await note(tx, 'added', endpoint, { caller, now })
  return endpoint
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
export async function rotateSecret(tx: Transaction, before: WebhookEndpoint, secret: string, act: WebhookAct): Promise<WebhookEndpoint> {
  const endpoint = rotated(before, secret, act.now)
  await tx.webhooks.save(endpoint)
  await note(tx, 'rotated', endpoint, act)
  return endpoint
}

export async function removeEndpoint(tx: Transaction, endpoint: WebhookEndpoint, act: WebhookAct): Promise<void> {
  await tx.webhooks.remove(endpoint.id)
  await note(tx, 'removed', endpoint, act)
}

/** The same events once more, by the same ids; those it does not want are left out. How many. */
export async function replay(
  tx: Transaction,
  endpoint: WebhookEndpoint,
  events: readonly WebhookEvent[],
  act: WebhookAct,
): Promise<number> {
  let count = 0
  for (const event of events) {
    if (!isWanted(endpoint, event.type)) continue
    const known = await tx.webhooks.findDelivery(endpoint.id, event.id)
    await tx.webhooks.saveDelivery(known ? redeliver(known, act.now) : newDelivery(endpoint.id, event, act.now))
    count += 1
  }
  await note(tx, 'replayed', endpoint, act, { count })
  return count
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
