import { z } from 'zod'
import type { WebhookEndpoint } from '../../core/webhook.ts'
import { webhookEvents } from '../../core/webhook.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { apiRoute } from '../routes/api-route.ts'
import { invalid } from '../routes/body.ts'
import { page, pageOf, pageQuery, split } from '../routes/paging.ts'
import type { ApiRoute } from '../routes/route.ts'
import { clinicInPath, problem } from '../routes/route.ts'
import { anInstant, instantAsked, instantKey } from '../routes/shapes.ts'
import type { EndpointMade, WebhookAct } from './acts.ts'
import { addEndpoint, changeEndpoint, findEndpoint, mostReplayed, removeEndpoint, replay, rotateSecret } from './acts.ts'
import { mostEndpoints } from './announcing.ts'
import type { AddressRefusal, WebhookTransport } from './transport.ts'

export interface WebhookRouteDeps {
  readonly store: Store
  readonly clock: Clock
  readonly transport: Pick<WebhookTransport, 'refusal'>
  /** Called after a commit: something is to be told. */
  readonly announced: () => void
}

const path = '/api/v1/clinics/:clinic/webhooks'

const type = z.enum(webhookEvents)
const wanted = z.strictObject({
  url: z.url().max(2_000),
  events: z.array(type).max(webhookEvents.length).default([]).describe('Of those alone; none named: of all'),
  description: z.string().min(1).max(200).exactOptional(),
})
const changed = wanted.extend({ state: z.enum(['enabled', 'disabled']) })

const shown = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(type),
  description: z.string().optional(),
  state: z.enum(['enabled', 'disabled']),
  reason: z.string().optional().describe('Why it is disabled: `unanswered`, `gone`, `by_hand`'),
  createdAt: anInstant,
  createdBy: z.string(),
})
const withSecret = shown.extend({ secret: z.string().describe('`whsec_…`: shown this once') })

const delivery = z.object({
  event: z.string().describe('`webhook-id`: the same for every try and replay'),
  type,
  state: z.enum(['pending', 'delivered', 'failed']),
  createdAt: anInstant,
  attempts: z.int(),
  nextTryAt: anInstant.optional(),
  answers: z.array(z.object({ at: anInstant, status: z.int().optional(), reason: z.string().optional(), ms: z.number() })),
})

const refusals: Readonly<Record<AddressRefusal, string>> = {
  not_https: 'an address of https',
  credentials: 'without a name and a password: what is sent is signed',
  address_refused: 'leads to this machine or a private network',
}

/** Whom a clinic's systems have told of what happens (Standard Webhooks): endpoints, their secrets, what was told, and what is to be told again. */
export function webhookRoutes(deps: WebhookRouteDeps): readonly ApiRoute[] {
  return [...endpointRoutes(deps), ...deliveryRoutes(deps)]
}

const admin = { least: ['admin'], clinicOf: clinicInPath } as const

function endpointRoutes({ store, clock, transport }: WebhookRouteDeps): readonly ApiRoute[] {
  const act = (caller: WebhookAct['caller']): WebhookAct => ({ caller, now: clock.now() })
  const faultOf = (url: string) => {
    const refusal = transport.refusal(url)
    return refusal && [{ path: ['url'], message: refusals[refusal] }]
  }
  return [
    apiRoute({
      method: 'GET',
      path,
      ...admin,
      summary: 'List the endpoints of webhooks',
      responses: { 200: z.object({ items: z.array(shown) }) },
      handle: async (c, { params: { clinic } }) =>
        c.json({ items: (await store.read((tx) => tx.webhooks.ofClinic(clinic, mostEndpoints))).map(show) }),
    }),
    apiRoute({
      method: 'POST',
      path,
      ...admin,
      maxBytes: 8 * 1024,
      summary: 'Add an endpoint',
      description: 'It is told of what happens from now on; the answer holds its secret, this once.',
      body: wanted,
      responses: { 201: withSecret },
      problems: ['conflict'],
      handle: async (c, { params: { clinic }, body }) => {
        const faults = faultOf(body.url)
        if (faults) return invalid(c, faults)
        const made = await store.transact((tx) => addEndpoint(tx, clinic, body, act(c.get('caller'))))
        return made ? c.json(showOnce(made), 201) : problem(c, 409, `a clinic has ${mostEndpoints} at most`)
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${path}/:id`,
      ...admin,
      summary: 'Read an endpoint',
      responses: { 200: shown },
      handle: async (c, { params: { clinic, id } }) => {
        const endpoint = await store.read((tx) => findEndpoint(tx, clinic, id))
        return endpoint ? c.json(show(endpoint)) : none(c)
      },
    }),
    apiRoute({
      method: 'PUT',
      path: `${path}/:id`,
      ...admin,
      maxBytes: 8 * 1024,
      summary: 'Change an endpoint',
      description: 'Enabled again, it is told what happens from now on; what it missed is replayed on request.',
      body: changed,
      responses: { 200: shown },
      handle: async (c, { params: { clinic, id }, body }) => {
        const faults = faultOf(body.url)
        if (faults) return invalid(c, faults)
        const after = await store.transact(async (tx) => {
          const before = await findEndpoint(tx, clinic, id)
          return before && changeEndpoint(tx, before, body, act(c.get('caller')))
        })
        return after ? c.json(show(after)) : none(c)
      },
    }),
    apiRoute({
      method: 'DELETE',
      path: `${path}/:id`,
      ...admin,
      summary: 'Remove an endpoint',
      description: 'With all that was on its way there.',
      responses: { 204: 'nothing' },
      handle: async (c, { params: { clinic, id } }) => {
        const removed = await store.transact(async (tx) => {
          const endpoint = await findEndpoint(tx, clinic, id)
          if (endpoint) await removeEndpoint(tx, endpoint, act(c.get('caller')))
          return endpoint !== undefined
        })
        return removed ? c.body(null, 204) : none(c)
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/:id/secret`,
      ...admin,
      summary: 'Rotate an endpoint’s secret',
      description: 'For 24 hours each message is signed with both.',
      responses: { 200: withSecret },
      handle: async (c, { params: { clinic, id } }) => {
        const made = await store.transact(async (tx) => {
          const before = await findEndpoint(tx, clinic, id)
          return before && rotateSecret(tx, before, act(c.get('caller')))
        })
        return made ? c.json(showOnce(made)) : none(c)
      },
    }),
  ]
}

const span = z.strictObject({ from: instantAsked, until: instantAsked })
const replayed = z.union([z.strictObject({ event: z.string().min(1).max(100) }), span])

function deliveryRoutes({ store, clock, announced }: WebhookRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: `${path}/:id/deliveries`,
      ...admin,
      summary: 'List what an endpoint was told',
      description: 'Of one state, newest first, with what it answered to each try. Kept for 30 days.',
      query: z.object({
        state: z.enum(['pending', 'delivered', 'failed']).default('failed'),
        ...pageQuery(z.object({ id: z.string(), at: instantKey })),
      }),
      responses: { 200: pageOf(delivery) },
      handle: async (c, { params: { clinic, id }, query: { state, limit, cursor } }) => {
        const rows = await store.read(async (tx) => {
          const endpoint = await findEndpoint(tx, clinic, id)
          return endpoint && tx.webhooks.deliveries(id, state, { limit: limit + 1, ...(cursor && { before: cursor }) })
        })
        if (!rows) return none(c)
        const { items, last } = split(rows, limit)
        const lines = items.map(({ eventId, endpointId: _, nextTryAt, ...rest }) => ({
          event: eventId,
          ...rest,
          ...(rest.state === 'pending' && { nextTryAt }),
        }))
        return page(c, lines, last && { id: last.eventId, at: last.createdAt })
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/:id/replay`,
      ...admin,
      summary: 'Tell an endpoint again',
      description: `One event by its id, or those of a time, of 30 days at most, ${mostReplayed} by one request: \`until\` in the answer is where it ended. The ids are those of the first time.`,
      sends: true,
      body: replayed,
      responses: { 202: z.object({ count: z.int(), until: anInstant.optional() }) },
      handle: async (c, { params: { clinic, id }, body }) => {
        const done = await store.transact(async (tx) => {
          const endpoint = await findEndpoint(tx, clinic, id)
          return endpoint && replay(tx, endpoint, body, { caller: c.get('caller'), now: clock.now() })
        })
        if (!done) return none(c)
        announced()
        return c.json(done, 202)
      },
    }),
  ]
}

type Ask = Parameters<typeof problem>[0]
const none = (c: Ask) => problem(c, 404, 'no such endpoint')

function show({ secrets: _, clinicId: __, ...endpoint }: WebhookEndpoint) {
  return endpoint
}

function showOnce({ endpoint, secret }: EndpointMade) {
  return { ...show(endpoint), secret }
}
