import type { Context } from 'hono'
import { z } from 'zod'
import type { Channel } from '../../channels/channel.ts'
import { mayEnter } from '../../core/access.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { answerReply } from '../inbound/answer-reply.ts'
import { finishToDo, reopenToDo } from '../inbound/staff-inbox.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery } from './paging.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { clinicId, instantKey, toDo } from './shapes.ts'

export interface InboxDeps {
  readonly store: Store
  readonly clinics: readonly string[]
  readonly clock: Clock
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  /** Without a slash at its end. */
  readonly publicUrl: string
}

/** `lift`: a wrong number is the right one after all. */
const done = z.strictObject({ lift: z.boolean().default(false) })

/** The staff's inbox: what patients wrote in their own words, and what else only a person can see to. */
export function inboxRoutes({ store, clinics, clock, channels, publicUrl }: InboxDeps): readonly ApiRoute[] {
  const clinicOf = async (c: Context<ApiEnv>) => (await store.read((tx) => tx.toDo.find(c.req.param('id') ?? '')))?.clinicId
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/inbox',
      least: ['appointments'],
      clinicOf: 'each',
      summary: 'List the staff’s inbox',
      description:
        'Replies in patients’ own words, and what else waits for a person; oldest first, of one clinic or of all that the key may see.',
      query: z.object({
        clinic: clinicId.optional(),
        ...pageQuery(z.object({ id: z.string(), createdAt: instantKey }), { most: 200 }),
      }),
      responses: { 200: pageOf(toDo) },
      handle: async (c, { query: { clinic, limit, cursor } }) => {
        const own = clinics.filter((each) => mayEnter(c.get('caller'), each) && (clinic === undefined || clinic === each))
        const lines = await store.read(async (tx) => (await Promise.all(own.map((each) => tx.toDo.open(each, limit + 1, cursor)))).flat())
        const oldestFirst = lines.toSorted(
          (a, b) => Number(a.createdAt.epochNanoseconds - b.createdAt.epochNanoseconds) || (a.id < b.id ? -1 : 1),
        )
        const items = oldestFirst.slice(0, limit)
        const last = items.at(-1)
        return page(c, items, oldestFirst.length > limit && last ? { id: last.id, createdAt: last.createdAt } : undefined)
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/inbox/:id/done',
      least: ['appointments'],
      clinicOf,
      summary: 'Say that somebody has seen to it',
      description: 'Once. `lift`: a number that was said to be wrong is right after all.',
      body: done.optional(),
      responses: { 200: toDo },
      handle: async (c, { params: { id }, body }) => {
        const act = { id, caller: c.get('caller'), lift: body?.lift ?? false, now: clock.now() }
        const line = await store.transact((tx) => finishToDo(tx, act))
        return line ? c.json(line) : problem(c, 404, 'nothing of that id is to be done')
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/inbox/:id/reopen',
      least: ['appointments'],
      clinicOf,
      summary: 'Take back that somebody has seen to it',
      responses: { 200: toDo },
      handle: async (c, { params: { id } }) => {
        const line = await store.transact((tx) => reopenToDo(tx, id, c.get('caller'), clock.now()))
        return line ? c.json(line) : problem(c, 404, 'there is no such line')
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/inbox/:id/answers',
      least: ['appointments'],
      clinicOf,
      maxBytes: 16 * 1024,
      summary: 'Answer by text',
      description:
        'To whoever wrote, in words of one’s own; it costs what it costs (O21), and nothing but a STOP, a wrong number or the want of a provider stops it (O6).',
      sends: true,
      body: z.strictObject({ text: z.string().min(1).max(1_600) }),
      responses: { 200: toDo },
      problems: ['not_sent'],
      handle: async (c, { params: { id }, body: { text } }) => {
        const line = await store.read((tx) => tx.toDo.find(id))
        const answer = { id, typed: text, after: line?.answers?.length ?? 0, caller: c.get('caller') }
        const answered = await answerReply({ store, clock, channels, publicUrl }, answer)
        if (!answered) return problem(c, 404, 'nobody to answer by that id')
        if (answered.kind === 'refused')
          return problem(c, 409, `not sent: ${answered.reason}`, {
            type: 'not_sent',
            reason: answered.reason,
            ...(answered.says && { findings: answered.says.findings.map(({ code, says }) => ({ code, says })) }),
          })
        return c.json(answered.line)
      },
    }),
  ]
}
