import { z } from 'zod'
import { mayEnter } from '../../core/access.ts'
import type { Store } from '../../store/store.ts'
import type { Metrics } from '../metrics.ts'
import type { Alarms } from '../operations/alarms.ts'
import { apiRoute } from './api-route.ts'
import type { Route } from './route.ts'
import { anInstant, bilingual } from './shapes.ts'

export interface HealthDeps {
  readonly store: Store
  readonly metrics: Metrics
  /** Absent: nobody looks. */
  readonly alarms?: Pick<Alarms, 'look' | 'last'>
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

/**
 * `/healthz`: the process answers. `/readyz`: it would keep what it is given; the alarms beside it are no reason to take it out of service.
 * `/metrics`: Prometheus. `/api/v1/health`: every alarm of the caller's clinics, with what to do (R37).
 */
export function healthRoutes({ store, metrics, alarms, isServing }: HealthDeps): readonly Route[] {
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
      description: 'R37: what is wrong now at the clinics of the key, the worst first, each with what to do about it.',
      responses: { 200: z.object({ well: z.boolean(), alarms: z.array(alarm) }) },
      handle: async (c) => {
        const all = (await alarms?.look()) ?? []
        const own = all.filter(({ clinicId }) => clinicId === undefined || mayEnter(c.get('caller'), clinicId))
        return c.json({ well: own.every(({ level }) => level !== 'bad'), alarms: own })
      },
    }),
  ]
}
