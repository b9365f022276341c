import type { Context } from 'hono'
import { MASS_CHANGE } from '../../core/mass-hold.ts'
import type { MassHoldDeps, Settled } from '../mass-hold.ts'
import { dropMassHold, releaseMassHold } from '../mass-hold.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'

export interface MassHoldRouteDeps extends MassHoldDeps {
  /** Called after a commit: notices are due. */
  readonly planned: () => void
}

type Ask = Context<ApiEnv>

/** As many as a person looks through; the rest is behind them. */
const mostShown = 100

/** A mass change waits for a person, who releases or drops it (R8). */
export function massHoldRoutes(deps: MassHoldRouteDeps): readonly ApiRoute[] {
  const path = '/api/v1/clinics/:clinic/mass-hold'
  const judge = { access: 'api', least: ['admin'], clinicOf: clinicInPath } as const
  return [
    { method: 'GET', path, access: 'api', least: ['reader'], clinicOf: clinicInPath, handle: (c) => show(deps, c) },
    {
      method: 'POST',
      path: `${path}/release`,
      ...judge,
      handle: async (c) => {
        const settled = await releaseMassHold(deps, clinicOf(c), c.get('caller'))
        if (settled) deps.planned()
        return answer(c, settled)
      },
    },
    {
      method: 'POST',
      path: `${path}/drop`,
      ...judge,
      handle: async (c) => answer(c, await dropMassHold(deps, clinicOf(c), c.get('caller'))),
    },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''

async function show({ store }: MassHoldRouteDeps, c: Ask): Promise<Response> {
  const clinicId = clinicOf(c)
  const { hold, held } = await store.read(async (tx) => ({
    hold: await tx.massHolds.open(clinicId),
    held: await tx.notifications.heldFor(clinicId, MASS_CHANGE, mostShown),
  }))
  const items = held.map(({ id, appointmentId, kind, channel, agendaKey, plannedAt }) => ({
    id,
    appointmentId,
    kind,
    channel,
    agendaKey,
    plannedAt,
  }))
  return c.json({ hold: hold ?? null, items })
}

function answer(c: Ask, settled: Settled | undefined): Response {
  return settled ? c.json(settled) : problem(c, 409, 'nothing is held', { type: 'nothing_held' })
}
