import { z } from 'zod'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Store } from '../../store/store.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery } from './paging.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { auditEntry } from './shapes.ts'

export interface AuditRouteDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
}

const link = z.object({ seq: z.int(), hash: z.string().max(64) })

/** Who did what, and whether it is as it was written (R31). */
export function auditRoutes({ store, sources }: AuditRouteDeps): readonly ApiRoute[] {
  /** A subject begins with its clinic, or with the connector it came from; what does not is of the installation. */
  const clinicOf = (subject: string): string => {
    const [first = '', second = ''] = subject.split(':')
    return (
      sources.get(first)?.clinicId ??
      [...sources.values()].find(({ clinicId }) => clinicId === first || clinicId === second)?.clinicId ??
      ''
    )
  }
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/audit',
      least: ['admin'],
      clinicOf: 'each',
      summary: 'Read the audit',
      description:
        'Newest first: what is of the clinics the key may see, and of the installation for who sees all. A page may be empty before the last.',
      query: z.object(pageQuery(z.int(), { most: 500 })),
      responses: { 200: pageOf(auditEntry.extend({ seq: z.int() })) },
      handle: async (c, { query: { limit, cursor } }) => {
        const rows = await store.read((tx) => tx.audit.latest(limit, cursor))
        const { clinics } = c.get('caller')
        const items = clinics ? rows.filter(({ subject }) => clinics.includes(clinicOf(subject))) : rows
        return page(c, items, rows.length < limit ? undefined : rows.at(-1)?.seq)
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/audit/verify',
      least: ['operator'],
      clinicOf: 'each',
      summary: 'Verify the audit’s chain',
      description:
        'Slice by slice, from the first row on: each row that is not as it was written is named (R31). Only for who sees all clinics.',
      query: z.object(pageQuery(link, { most: 5_000, usual: 1_000 })),
      responses: {
        200: pageOf(z.object({ seq: z.int(), fault: z.enum(['edited', 'missing', 'detail edited']) })).extend({
          of: z.int(),
          looked: z.int(),
        }),
      },
      handle: async (c, { query: { limit, cursor } }) => {
        if (c.get('caller').clinics) return problem(c, 403, 'the chain is of every clinic', { type: 'role_required', roles: ['operator'] })
        const { faults, last, of } = await store.read((tx) => tx.audit.verify(limit, cursor))
        const isLast = last.seq >= of || last.seq === cursor?.seq
        const answer = await page(c, faults, isLast ? undefined : last).json()
        return c.json({ ...(answer as object), of, looked: last.seq })
      },
    }),
  ]
}
