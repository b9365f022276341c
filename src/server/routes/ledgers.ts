import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { retryWriteBack } from '../write-back-acts.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery, split } from './paging.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { instantKey, notification, writeBack } from './shapes.ts'

export interface LedgerDeps {
  readonly store: Store
  readonly clock: Clock
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
  /** Called after a commit: an answer waits for its EHR. */
  readonly answered: () => void
}

const states = [
  'planned',
  'parked',
  'held',
  'sending',
  'sent',
  'delivered',
  'failed',
  'suppressed',
  'merged_into',
  'expired',
  'withdrawn',
  'in_doubt',
  'shadow',
] as const

/** What was to be told, and what the EHRs were to learn, by what became of it. */
export function ledgerRoutes({ store, clock, sources, answered }: LedgerDeps): readonly ApiRoute[] {
  const connectorsOf = (clinic: string) => [...sources].flatMap(([id, { clinicId }]) => (clinicId === clinic ? [id] : []))
  const ofWriteBack = async (c: Context<ApiEnv>) => {
    const found = await store.read((tx) => tx.writeBacks.find(c.req.param('id') ?? ''))
    return found && sources.get(found.connectorId)?.clinicId
  }
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/clinics/:clinic/notifications',
      least: ['reader'],
      clinicOf: clinicInPath,
      summary: 'List notifications',
      description: 'Of one state, the last changed first. Why each is as it is: `appointments/{id}/decisions`.',
      query: z.object({
        state: z.enum(states).default('failed'),
        ...pageQuery(z.object({ id: z.string(), changedAt: instantKey })),
      }),
      responses: { 200: pageOf(notification) },
      handle: async (c, { params: { clinic }, query: { state, limit, cursor } }) => {
        const rows = await store.read((tx) =>
          tx.notifications.inState(clinic, state, { limit: limit + 1, ...(cursor && { before: cursor }) }),
        )
        const { items, last } = split(rows, limit)
        return page(
          c,
          items.map(({ decision: _, ...shown }) => shown),
          last && { id: last.id, changedAt: last.changedAt },
        )
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/clinics/:clinic/write-backs',
      least: ['reader', 'integrator'],
      clinicOf: clinicInPath,
      summary: 'List write-backs',
      description: 'What the EHRs are to learn from patients’ answers, of one state, newest answer first.',
      query: z.object({
        state: writeBack.shape.state.default('failed'),
        ...pageQuery(z.object({ id: z.string(), answeredAt: instantKey })),
      }),
      responses: { 200: pageOf(writeBack) },
      handle: async (c, { params: { clinic }, query: { state, limit, cursor } }) => {
        const asked = { limit: limit + 1, ...(cursor && { before: cursor }) }
        const rows = await store.read(async (tx) =>
          (await Promise.all(connectorsOf(clinic).map((id) => tx.writeBacks.inState(id, state, asked)))).flat(),
        )
        const newestFirst = rows.toSorted((a, b) => Temporal.Instant.compare(b.answeredAt, a.answeredAt) || (a.id < b.id ? 1 : -1))
        const { items, last } = split(newestFirst, limit)
        return page(c, items, last && { id: last.id, answeredAt: last.answeredAt })
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/write-backs/:id/retry',
      least: ['appointments', 'integrator'],
      clinicOf: ofWriteBack,
      summary: 'Bring an answer to the EHR again',
      description: 'One that was refused, or waits; by the same id, so that the EHR sees that it is the same.',
      sends: true,
      responses: { 200: writeBack },
      problems: ['conflict'],
      handle: async (c, { params: { id } }) => {
        const acted = await store.transact((tx) => retryWriteBack(tx, id, c.get('caller'), clock.now()))
        if (!acted) return problem(c, 404, 'no such write-back')
        if (acted.kind === 'not_so') return problem(c, 409, `it is ${acted.state}: only what failed or waits is brought again`)
        answered()
        return c.json(acted.writeBack)
      },
    }),
  ]
}
