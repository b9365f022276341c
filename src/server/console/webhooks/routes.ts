import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import type { WebhookEndpoint } from '../../../core/webhook.ts'
import type { Store, Transaction } from '../../../store/store.ts'
import type { Clock } from '../../clock.ts'
import { settingsOf } from '../../intake/apply.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import type { EndpointMade, ReplayAsked, WebhookAct } from '../../webhooks/acts.ts'
import { addEndpoint, changeEndpoint, findEndpoint, removeEndpoint, replay, rotateSecret } from '../../webhooks/acts.ts'
import { mostEndpoints } from '../../webhooks/announcing.ts'
import type { WebhookTransport } from '../../webhooks/transport.ts'
import { clinicAddress } from '../menu.ts'
import { type Sent, sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { shownOnce } from '../parts/shown-once.tsx'
import { dayTyped, spanIn, typed } from '../parts/span.tsx'
import { consoleRefusal } from '../refusal.tsx'
import { deliveryStates } from './deliveries.tsx'
import { readEndpoint } from './endpoint-form.tsx'
import { type EndpointsView, endpointsPage } from './list-page.tsx'
import { type EndpointView, endpointPage } from './one-page.tsx'
import { webhooksTexts } from './texts.ts'
import type { WebhookDone } from './texts-shape.ts'

export interface WebhookPagesDeps {
  readonly store: Store
  readonly clock: Clock
  readonly webhooks: Pick<WebhookTransport, 'refusal'>
  /** Called after a commit: something is to be told. */
  readonly announced: () => void
}

type Ask = Context<StaffEnv>

const path = '/console/clinics/:clinic/webhooks'
const pageSize = 50

/** The other systems of a clinic that are told what happens (Standard Webhooks): the pages of `/api/v1/clinics/:clinic/webhooks`. */
export function webhookPages(deps: WebhookPagesDeps): readonly StaffRoute[] {
  const page = { access: 'staff', least: ['admin'], clinicOf: clinicInPath } as const
  return [
    { ...page, method: 'GET', path, handle: (c) => showAll(deps, c) },
    { ...page, method: 'POST', path, handle: (c) => add(deps, c) },
    { ...page, method: 'GET', path: `${path}/:id`, handle: (c) => showOne(deps, c) },
    { ...page, method: 'POST', path: `${path}/:id`, handle: (c) => actOnOne(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const baseOf = (c: Ask): string => `${clinicAddress(clinicOf(c))}/webhooks`
const actOf = ({ clock }: WebhookPagesDeps, c: Ask): WebhookAct => ({ caller: c.get('caller'), now: clock.now() })

async function faceIn(tx: Transaction, c: Ask, { clock }: WebhookPagesDeps): Promise<EndpointsView['face']> {
  const { clinic } = await settingsOf(tx, clinicOf(c))
  return { zone: clinic.zone, language: c.get('language'), now: clock.now() }
}

function saidIn(c: Ask): string | undefined {
  const texts = webhooksTexts[c.get('language')]
  const done = c.req.query('done') ?? ''
  if (done === 'replayed') return texts.replayed(Number(c.req.query('count')) || 0)
  return Object.hasOwn(texts.done, done) ? texts.done[done as keyof typeof texts.done] : undefined
}

async function showAll(deps: WebhookPagesDeps, c: Ask, refused?: EndpointsView['refused']): Promise<Response> {
  const { endpoints, face } = await deps.store.read(async (tx) => ({
    endpoints: await tx.webhooks.ofClinic(clinicOf(c), mostEndpoints),
    face: await faceIn(tx, c, deps),
  }))
  return endpointsPage(c, { base: baseOf(c), endpoints, face, done: saidIn(c), ...(refused && { refused }) })
}

async function add(deps: WebhookPagesDeps, c: Ask): Promise<Response> {
  const read = readEndpoint(await sentBy(c), deps.webhooks)
  const { wanted, typed: form, refusal } = read
  if (!wanted) return showAll(deps, c, { typed: form, why: refusal ?? 'not_https' })
  const made = await deps.store.transact((tx) => addEndpoint(tx, clinicOf(c), wanted, actOf(deps, c)))
  return made ? showSecret(c, made) : showAll(deps, c, { typed: form, why: 'full' })
}

function showSecret(c: Ask, { endpoint, secret: value }: EndpointMade): Response | Promise<Response> {
  const { title, secret } = webhooksTexts[c.get('language')]
  const from = { href: `${baseOf(c)}/${endpoint.id}`, name: title }
  return shownOnce(c, { ...secret, active: 'webhooks', from, value })
}

async function showOne(deps: WebhookPagesDeps, c: Ask, refused?: EndpointView['refused']): Promise<Response> {
  const state = deliveryStates.find((each) => each === c.req.query('state')) ?? 'failed'
  const before = placeIn(c.req.query('before'))
  const found = await deps.store.read(async (tx) => {
    const endpoint = await findEndpoint(tx, clinicOf(c), c.req.param('id') ?? '')
    if (!endpoint) return undefined
    const rows = await tx.webhooks.deliveries(endpoint.id, state, { limit: pageSize + 1, ...(before && { before }) })
    return { endpoint, rows, face: await faceIn(tx, c, deps) }
  })
  if (!found) return consoleRefusal(c, 404, 'missing')
  const { endpoint, rows, face } = found
  const deliveries = rows.slice(0, pageSize)
  const last = rows.length > pageSize ? deliveries.at(-1) : undefined
  return endpointPage(c, {
    base: baseOf(c),
    endpoint,
    state,
    deliveries,
    next: last && withQuery(`${baseOf(c)}/${endpoint.id}`, { state, before: `${last.createdAt} ${last.eventId}` }),
    span: { ...dayTyped(face), ...(c.req.query('from') && { from: c.req.query('from') ?? '' }) },
    face,
    done: saidIn(c),
    ...(refused && { refused }),
  })
}

/** Where a page begins: an instant and the id of an event, which names nobody. */
function placeIn(text: string | undefined): { readonly at: Temporal.Instant; readonly id: string } | undefined {
  const [at = '', id = ''] = text?.split(' ') ?? []
  try {
    return { at: Temporal.Instant.from(at), id }
  } catch {
    return undefined
  }
}

async function actOnOne(deps: WebhookPagesDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  switch (sent.one('do')) {
    case 'change':
      return change(deps, c, sent)
    case 'pause':
      return setState(deps, c, 'disabled')
    case 'resume':
      return setState(deps, c, 'enabled')
    case 'rotate': {
      const made = await onEndpoint(deps, c, (tx, before) => rotateSecret(tx, before, actOf(deps, c)))
      return made ? showSecret(c, made) : consoleRefusal(c, 404, 'missing')
    }
    case 'remove': {
      const removed = await onEndpoint(deps, c, async (tx, before) => {
        await removeEndpoint(tx, before, actOf(deps, c))
        return true
      })
      if (!removed) return consoleRefusal(c, 404, 'missing')
      return c.redirect(withQuery(baseOf(c), { done: 'removed' satisfies WebhookDone }), 303)
    }
    case 'again':
      return tellAgain(deps, c, { event: sent.one('event').slice(0, 100) }, sent.one('state'))
    case 'replay':
      return tellSpan(deps, c, sent)
    default:
      return back(c)
  }
}

/** Undefined: there is none such of this clinic. */
function onEndpoint<T>(
  { store }: WebhookPagesDeps,
  c: Ask,
  act: (tx: Transaction, endpoint: WebhookEndpoint) => Promise<T>,
): Promise<T | undefined> {
  return store.transact(async (tx) => {
    const endpoint = await findEndpoint(tx, clinicOf(c), c.req.param('id') ?? '')
    return endpoint && act(tx, endpoint)
  })
}

async function change(deps: WebhookPagesDeps, c: Ask, sent: Sent): Promise<Response> {
  const { wanted, typed: form, refusal } = readEndpoint(sent, deps.webhooks)
  if (!wanted) return showOne(deps, c, { typed: form, why: refusal ?? 'not_https' })
  const after = await onEndpoint(deps, c, (tx, before) => changeEndpoint(tx, before, { ...wanted, state: before.state }, actOf(deps, c)))
  return after ? back(c, { done: 'changed' }) : consoleRefusal(c, 404, 'missing')
}

async function setState(deps: WebhookPagesDeps, c: Ask, state: WebhookEndpoint['state']): Promise<Response> {
  const after = await onEndpoint(deps, c, (tx, before) => {
    const { url, events, description } = before
    return changeEndpoint(tx, before, { url, events, ...(description !== undefined && { description }), state }, actOf(deps, c))
  })
  if (!after) return consoleRefusal(c, 404, 'missing')
  return back(c, { done: state === 'enabled' ? 'resumed' : 'paused' })
}

async function tellSpan(deps: WebhookPagesDeps, c: Ask, sent: Sent): Promise<Response> {
  const face = await deps.store.read((tx) => faceIn(tx, c, deps))
  const span = spanIn({ from: sent.one('from'), until: sent.one('until') }, face.zone)
  return span ? tellAgain(deps, c, span, 'pending', face.zone) : showOne(deps, c, { why: 'span' })
}

async function tellAgain(deps: WebhookPagesDeps, c: Ask, asked: ReplayAsked, state: string, zone = 'UTC'): Promise<Response> {
  const told = await onEndpoint(deps, c, (tx, endpoint) => replay(tx, endpoint, asked, actOf(deps, c)))
  if (!told) return consoleRefusal(c, 404, 'missing')
  deps.announced()
  if (told.until) return back(c, { state: 'pending', done: 'full', from: typed(told.until.toZonedDateTimeISO(zone)) })
  if (told.count === 0 && 'event' in asked) return back(c, { state, done: 'gone' })
  return back(c, { state: 'pending', done: 'replayed', count: told.count })
}

function back(c: Ask, said: Readonly<Record<string, string | number>> = {}): Response {
  return c.redirect(withQuery(`${baseOf(c)}/${c.req.param('id') ?? ''}`, said), 303)
}
