import { z } from 'zod'
import type { AuditDeps } from '../audit/search.ts'
import { auditKinds, searchAudit } from '../audit/search.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery } from './paging.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { auditEntry, clinicId, instantAsked } from './shapes.ts'

const link = z.object({ seq: z.int(), hash: z.string().max(64) })

const text = z.string().min(1).max(200).optional()

const asked = z.object({
  kind: z.enum(auditKinds).optional().describe('`acts`: what was done; `readings`: who has seen whose page (R31); both unless told'),
  actor: text.describe('The whole of it, or its beginning: `user:`'),
  action: text.describe('The whole of it, or its beginning: `settings.`'),
  subject: text.describe('The whole of it; found at once, 500 rows at most and on one page'),
  clinic: clinicId.optional(),
  from: instantAsked.optional(),
  until: instantAsked.optional(),
  ...pageQuery(z.int(), { most: 500 }),
})

/** Who did what, and whether it is as it was written (R31). */
export function auditRoutes(deps: AuditDeps): readonly ApiRoute[] {
  const { store } = deps
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/audit',
      least: ['admin'],
      clinicOf: 'each',
      summary: 'Read the audit',
      description:
        'Newest first: what is of the clinics the key may see, and of the installation for who sees all. A page looks at 10,000 rows at most: it may be empty before the last.',
      query: asked,
      responses: { 200: pageOf(auditEntry.extend({ seq: z.int().optional().describe('Absent where it was found by its subject') })) },
      handle: async (c, { query: { clinic, cursor, ...query } }) => {
        const { rows, next } = await searchAudit(
          deps,
          { ...query, clinicId: clinic, ...(cursor !== undefined && { before: cursor }) },
          c.get('caller'),
        )
        return page(c, rows, next)
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
