import type { Context } from 'hono'
import { z } from 'zod'
import { openRestoreHold, type RestoreHoldDeps, settleRestoreHold } from '../operations/restore-hold.ts'
import { apiRoute } from './api-route.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { anInstant } from './shapes.ts'

export interface RestoreHoldRouteDeps extends RestoreHoldDeps {
  /** Called after a commit: messages are due. */
  readonly planned: () => void
  /** Called after a commit: answers wait for their EHR. */
  readonly answered: () => void
}

const hold = z.object({
  since: anInstant,
  backupAt: anInstant,
  state: z.enum(['held', 'released', 'dropped']),
  settledAt: anInstant.optional(),
  settledBy: z.string().optional(),
})

/** A store that came from a backup sends nothing before an operator of all clinics has compared it with the EHRs (R9). */
export function restoreHoldRoutes(deps: RestoreHoldRouteDeps): readonly ApiRoute[] {
  const path = '/api/v1/holds/restore'
  const operator = { least: ['operator'], clinicOf: 'each' } as const
  const settling = {
    ...operator,
    responses: { 200: z.object({ hold, inDoubt: z.int(), toCall: z.int() }) },
    problems: ['nothing_held'],
  } as const
  return [
    apiRoute({
      method: 'GET',
      path,
      ...operator,
      summary: 'Show whether the store came from a backup and is held',
      description: 'R9: while it is, what comes in is taken and planned, and nothing is sent or written back.',
      responses: { 200: z.object({ hold: hold.nullable() }) },
      handle: async (c) => c.json({ hold: (await openRestoreHold(deps.store)) ?? null }),
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/release`,
      ...settling,
      summary: 'Release a restored store',
      description:
        'You have compared it with the EHRs. What may have left between the backup and the restoration is put in doubt and never sent; of moves and cancellations ahead, patients are on the to-call list. The rest goes.',
      sends: true,
      handle: (c) => settle(deps, c, 'released'),
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/drop`,
      ...settling,
      summary: 'Drop what waits in a restored store',
      description: 'Nothing that waits by now is sent; reminders that fall due later are.',
      handle: (c) => settle(deps, c, 'dropped'),
    }),
  ]
}

async function settle(deps: RestoreHoldRouteDeps, c: Context<ApiEnv>, state: 'released' | 'dropped'): Promise<Response> {
  const caller = c.get('caller')
  if (caller.clinics) return problem(c, 403, 'it is a matter of every clinic', { type: 'role_required', roles: ['operator'] })
  const settled = await settleRestoreHold(deps, state, caller)
  if (!settled) return problem(c, 409, 'nothing is held', { type: 'nothing_held' })
  deps.planned()
  deps.answered()
  return c.json(settled)
}
