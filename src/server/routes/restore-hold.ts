import type { Context } from 'hono'
import { openRestoreHold, type RestoreHoldDeps, settleRestoreHold } from '../operations/restore-hold.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { problem } from './route.ts'

export interface RestoreHoldRouteDeps extends RestoreHoldDeps {
  /** Called after a commit: messages are due. */
  readonly planned: () => void
  /** Called after a commit: answers wait for their EHR. */
  readonly answered: () => void
}

/** A store that came from a backup sends nothing before an operator of all clinics has compared it with the EHRs (R9). */
export function restoreHoldRoutes(deps: RestoreHoldRouteDeps): readonly ApiRoute[] {
  const path = '/api/v1/holds/restore'
  const operator = { access: 'api', least: ['operator'], clinicOf: 'each' } as const
  return [
    { method: 'GET', path, ...operator, handle: async (c) => c.json({ hold: (await openRestoreHold(deps.store)) ?? null }) },
    { method: 'POST', path: `${path}/release`, ...operator, handle: (c) => settle(deps, c, 'released') },
    { method: 'POST', path: `${path}/drop`, ...operator, handle: (c) => settle(deps, c, 'dropped') },
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
