import { z } from 'zod'
import type { Callback, Channel } from '../../channels/channel.ts'
import type { Connector } from '../../connectors/connector.ts'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { hearText } from '../inbound/hear-text.ts'
import { finishToDo } from '../inbound/staff-inbox.ts'
import type { Metrics } from '../metrics.ts'
import { readJson } from './body.ts'
import { callbackOf } from './callback.ts'
import { SMS_REPORTS } from './reports.ts'
import type { Route } from './route.ts'
import { problem } from './route.ts'

export interface InboundDeps {
  readonly store: Store
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clinics: readonly string[]
  readonly clock: Clock
  readonly metrics: Metrics
  readonly publicUrl: string
  /** Called after a commit: a write-back waits, notifications may have changed. */
  readonly answered: () => void
}

const page = z.object({
  clinic: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** `lift`: a wrong number is the right one after all. */
const done = z.strictObject({ lift: z.boolean().default(false) })

/** What people text us, and the staff's inbox, where what only a person can see to is kept. */
export function inboundRoutes(deps: InboundDeps): readonly Route[] {
  const { store, clinics, clock } = deps
  return [
    {
      method: 'POST',
      path: `${SMS_REPORTS}/inbound`,
      access: 'provider',
      handle: async (c) => hear(deps, await callbackOf(c, deps.publicUrl)),
    },
    {
      method: 'GET',
      path: '/api/v1/inbox',
      access: 'api',
      least: ['appointments'],
      clinicOf: 'each',
      handle: async (c) => {
        const query = page.safeParse(c.req.query())
        if (!query.success) return problem(c, 400, 'limit is 1 to 200; clinic is the id of one')
        const { clinic, limit } = query.data
        const own = clinics.filter((each) => mayEnter(c.get('caller'), each) && (clinic === undefined || clinic === each))
        const items = await store.read(async (tx) => (await Promise.all(own.map((each) => tx.toDo.open(each, limit)))).flat())
        const oldestFirst = items.toSorted((a, b) => a.createdAt.epochMilliseconds - b.createdAt.epochMilliseconds)
        return c.json({ items: oldestFirst.slice(0, limit) })
      },
    },
    {
      method: 'POST',
      path: '/api/v1/inbox/:id/done',
      access: 'api',
      least: ['appointments'],
      clinicOf: async (c) => (await store.read((tx) => tx.toDo.find(c.req.param('id') ?? '')))?.clinicId,
      handle: async (c) => {
        const body = (await c.req.text()) === '' ? ({ ok: true, value: { lift: false } } as const) : await readJson(c, done)
        if (!body.ok) return body.response
        const act = { id: c.req.param('id') ?? '', caller: c.get('caller'), lift: body.value.lift, now: clock.now() }
        const line = await store.transact((tx) => finishToDo(tx, act))
        return line ? c.json(line) : problem(c, 404, 'nothing of that id is to be done')
      },
    },
  ]
}

/** Its provider waits for us meanwhile; an answer that is late is not sent twice. */
const longestReplyMs = 15_000

/** Believed only when its provider signed it for this very address; heard once, however often it is brought (R30). */
async function hear(
  { store, channels, connectors, clinics, clock, metrics, answered }: InboundDeps,
  callback: Callback,
): Promise<Response> {
  const channel = channels.get('sms')
  const text = channel?.readInbound?.(callback)
  if (!text) return new Response(null, { status: 401 })
  const heard = await store.transact((tx) => hearText(tx, { connectors, clinics }, text, clock.now()))
  metrics.inbound.inc({ kind: heard.kind, outcome: heard.isNew ? 'heard' : 'repeated' })
  if (heard.isNew) answered()
  if (heard.answer !== undefined && !channel?.answerInbound)
    await channel?.reply?.({ to: text.from, text: heard.answer, id: `answer:${text.id}`.slice(0, 64) }, AbortSignal.timeout(longestReplyMs))
  const reply = channel?.answerInbound?.(heard.answer)
  return reply ? new Response(reply.body, { headers: { 'content-type': reply.contentType } }) : new Response(null, { status: 204 })
}
