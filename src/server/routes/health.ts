import type { Store } from '../../store/store.ts'
import type { Metrics } from '../metrics.ts'
import type { Route } from './route.ts'

export interface HealthDeps {
  readonly store: Store
  readonly metrics: Metrics
  /** False once it is stopping, or before it listens. */
  readonly isServing: () => boolean
}

/** `/healthz`: the process answers. `/readyz`: it would keep what it is given. `/metrics`: Prometheus. */
export function healthRoutes({ store, metrics, isServing }: HealthDeps): readonly Route[] {
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
          return c.json({ status: 'ready' })
        } catch {
          return c.json({ status: 'store unavailable' }, 503, { 'retry-after': '5' })
        }
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      access: 'public',
      handle: async (c) => c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
    },
  ]
}
