import { z } from 'zod'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Store } from '../../store/store.ts'
import type { LoopBook } from '../loop-book.ts'
import type { Metrics } from '../metrics.ts'
import type { Alarms } from '../operations/alarms.ts'
import { mostCounted } from '../operations/dead-letters.ts'
import { healthFor } from '../operations/health.ts'
import { apiRoute } from './api-route.ts'
import type { Route } from './route.ts'
import { anInstant, bilingual } from './shapes.ts'

export interface HealthDeps {
  readonly store: Store
  readonly metrics: Metrics
  /** Absent: nobody looks. */
  readonly alarms?: Pick<Alarms, 'look' | 'last'>
  /** Absent: nobody asks what they did last. */
  readonly loops?: Pick<LoopBook, 'last'>
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
  readonly clinics: readonly string[]
  /** False once it is stopping, or before it listens. */
  readonly isServing: () => boolean
}

const alarm = z.object({
  code: z.string(),
  level: z.enum(['bad', 'warn']),
  subject: z.string().optional(),
  clinicId: z.string().optional(),
  count: z.int().optional(),
  since: anInstant,
  says: bilingual,
  fix: bilingual,
  link: z.string(),
})

const loop = z.object({
  name: z.string().describe('`poll` and `tend` are of one connector, which follows'),
  state: z.enum(['running', 'done', 'failed']).describe('Of its last step'),
  startedAt: anInstant,
  tookMs: z.int().optional(),
  nextAt: anInstant.optional(),
  failingSince: anInstant.optional(),
})

const deadLetters = z.object({
  kind: z.enum(['quarantine', 'write_back', 'webhook']),
  clinicId: z.string().optional(),
  subject: z.string().optional().describe('The connector they came by, or the webhook they were for'),
  count: z.int().describe(`${mostCounted}: so many, or more`),
  oldestAt: anInstant,
  fix: bilingual,
  link: z.string(),
})

/**
 * `/healthz`: the process answers. `/readyz`: it would keep what it is given; the alarms beside it are no reason to take it out of service.
 * `/metrics`: Prometheus. `/api/v1/health`: every alarm of the caller's clinics, with what to do (R37).
 */
export function healthRoutes(deps: HealthDeps): readonly Route[] {
  const { store, metrics, alarms, isServing } = deps
  const codes = () => [...new Set((alarms?.last() ?? []).map(({ code }) => code))]
  return [
    { method: 'GET', path: '/healthz', access: 'public', handle: (c) => c.json({ status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      access: 'public',
      handle: async (c) => {
        if (!isServing()) return c.json({ status: 'stopping' }, 503)
        try {
          await store.check()
          return c.json({ status: 'ready', alarms: codes() })
        } catch {
          return c.json({ status: 'store unavailable', alarms: ['store_unavailable'] }, 503, { 'retry-after': '5' })
        }
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      access: 'public',
      handle: async (c) => c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
    },
    apiRoute({
      method: 'GET',
      path: '/api/v1/health',
      least: ['reader', 'integrator'],
      clinicOf: 'each',
      summary: 'List the alarms',
      description:
        'R37: what is wrong now at the clinics of the key, the worst first, each with what to do about it; what goes no further by itself; and what each loop of this node did last.',
      responses: { 200: z.object({ well: z.boolean(), alarms: z.array(alarm), deadLetters: z.array(deadLetters), loops: z.array(loop) }) },
      handle: async (c) => {
        const health = await healthFor(deps, c.get('caller'))
        return c.json({ well: health.alarms.every(({ level }) => level !== 'bad'), ...health })
      },
    }),
  ]
}
