import { z } from 'zod'
import type { Store } from '../../store/store.ts'
import { type HoldsLook, lookAtHolds } from '../console/holds/look.ts'
import { apiRoute } from './api-route.ts'
import type { ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { anInstant, anyChannel } from './shapes.ts'

export interface HoldsDeps extends HoldsLook {
  readonly store: Store
}

const stop = z.object({
  channel: anyChannel,
  since: anInstant.optional().describe('The first refusal; absent: another node found out'),
  reason: z.string().optional().describe('What the provider answered, a code'),
  nextTryAt: anInstant.optional(),
  isWell: z.boolean().optional().describe('It took a message since'),
  count: z.int(),
  expiresAt: anInstant.optional().describe('When the first of what waits is of no use any more'),
})

const heldAppointment = z.object({ id: z.string(), start: anInstant.optional(), holds: z.array(z.string()) })

/** All that waits for a person of one clinic, and why; each has an act of its own that releases it. */
export function holdsRoutes(deps: HoldsDeps): readonly ApiRoute[] {
  const { store } = deps
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/clinics/:clinic/holds',
      least: ['reader'],
      clinicOf: clinicInPath,
      summary: 'List what is held',
      description:
        'A mass change, a feed whose clock has shifted, a restored store, a provider that takes nothing, appointments to be looked at, and what waits by itself.',
      responses: {
        200: z.object({
          mass: z.object({ since: anInstant, count: z.int() }).optional(),
          shifts: z.array(z.object({ connector: z.string(), since: anInstant, minutes: z.int(), count: z.int() })),
          restored: z.object({ since: anInstant, backupAt: anInstant }).optional(),
          stops: z.array(stop),
          appointments: z.array(heldAppointment),
          others: z.array(z.object({ reason: z.string(), count: z.int() })),
        }),
      },
      handle: async (c, { params: { clinic } }) => {
        const view = await store.read(async (tx) => ((await tx.settings.current(clinic)) ? lookAtHolds(tx, clinic, deps) : undefined))
        if (!view) return problem(c, 404, 'no such clinic')
        const { mass, shifts, restored, stops, appointments, others } = view
        return c.json({
          ...(mass && { mass: { since: mass.hold.since, count: mass.count } }),
          shifts: shifts.map(({ connectorId, hold, count }) => ({
            connector: connectorId,
            since: hold.since,
            minutes: hold.minutes,
            count,
          })),
          ...(restored && { restored: { since: restored.since, backupAt: restored.backupAt } }),
          stops: stops.map(({ channel, stopped, count, examples: [first] }) => ({
            ...stopped,
            channel,
            count,
            ...(first && { expiresAt: first.notification.notAfter }),
          })),
          appointments: appointments.map(({ appointment: { id, start, holds } }) => ({ id, start, holds })),
          others,
        })
      },
    }),
  ]
}
