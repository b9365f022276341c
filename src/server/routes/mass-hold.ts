import type { Context } from 'hono'
import { z } from 'zod'
import { MASS_CHANGE } from '../../core/mass-hold.ts'
import type { MassHoldDeps, Settled } from '../mass-hold.ts'
import { dropMassHold, releaseMassHold } from '../mass-hold.ts'
import { apiRoute } from './api-route.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { anInstant, anyChannel, notificationKind } from './shapes.ts'

export interface MassHoldRouteDeps extends MassHoldDeps {
  /** Called after a commit: notices are due. */
  readonly planned: () => void
}

/** As many as a person looks through; the rest is behind them. */
const mostShown = 100

const hold = z.object({
  clinicId: z.string(),
  since: anInstant,
  seen: z.int(),
  usual: z.number(),
  agendas: z.int(),
  state: z.enum(['held', 'released', 'dropped']),
  settledAt: anInstant.optional(),
  settledBy: z.string().optional(),
})

const waiting = z.object({
  id: z.string(),
  appointmentId: z.string(),
  kind: notificationKind,
  channel: anyChannel,
  agendaKey: z.string().optional(),
  plannedAt: anInstant,
})

/** A mass change waits for a person, who releases or drops it (R8). */
export function massHoldRoutes(deps: MassHoldRouteDeps): readonly ApiRoute[] {
  const path = '/api/v1/clinics/:clinic/mass-hold'
  const judge = {
    least: ['admin'],
    clinicOf: clinicInPath,
    responses: { 200: z.object({ hold, count: z.int() }) },
    problems: ['nothing_held'],
  } as const
  return [
    apiRoute({
      method: 'GET',
      path,
      least: ['reader'],
      clinicOf: clinicInPath,
      summary: 'Show the mass change that is held',
      description: `More notices than usual in an hour wait for a person (R8); the first ${mostShown}, soonest appointment first.`,
      responses: { 200: z.object({ hold: hold.nullable(), items: z.array(waiting) }) },
      handle: async (c, { params }) => {
        const { open, held } = await deps.store.read(async (tx) => ({
          open: await tx.massHolds.open(params.clinic),
          held: await tx.notifications.heldFor(params.clinic, MASS_CHANGE, mostShown),
        }))
        const items = held.map(({ id, appointmentId, kind, channel, agendaKey, plannedAt }) => ({
          id,
          appointmentId,
          kind,
          channel,
          agendaKey,
          plannedAt,
        }))
        return c.json({ hold: open ?? null, items })
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/release`,
      ...judge,
      summary: 'Release a mass change',
      description: 'Somebody looked, and it is true: what waits is due now.',
      sends: true,
      handle: async (c, { params }) => {
        const settled = await releaseMassHold(deps, params.clinic, c.get('caller'))
        if (settled) deps.planned()
        return answer(c, settled)
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/drop`,
      ...judge,
      summary: 'Drop a mass change',
      description: 'Somebody looked, and it was an accident: what waits is withdrawn, and a person telephones where the visit is ahead.',
      handle: async (c, { params }) => answer(c, await dropMassHold(deps, params.clinic, c.get('caller'))),
    }),
  ]
}

function answer(c: Context<ApiEnv>, settled: Settled | undefined): Response {
  return settled ? c.json(settled) : problem(c, 409, 'nothing is held', { type: 'nothing_held' })
}
