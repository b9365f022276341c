import { z } from 'zod'
import type { Channel } from '../../channels/channel.ts'
import { mayEnter } from '../../core/access.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { explainAppointment } from '../explain/explain.ts'
import { apiRoute } from './api-route.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { explanation, unsetKey } from './shapes.ts'

export interface ApiDeps {
  readonly store: Store
  readonly clinics: readonly string[]
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
}

/** What nobody has set, and why who was told what. */
export function apiRoutes({ store, clinics, channels, clock }: ApiDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/unset',
      least: ['admin', 'integrator'],
      clinicOf: 'each',
      summary: 'List the agendas and motifs nobody has set',
      description: 'They are silent, and counted (O4): the most frequent first, a thousand at most of each clinic.',
      responses: { 200: z.object({ items: z.array(unsetKey) }) },
      handle: async (c) => {
        const own = clinics.filter((clinic) => mayEnter(c.get('caller'), clinic))
        const items = await store.read(async (tx) => (await Promise.all(own.map((clinic) => tx.unset.list(clinic)))).flat())
        return c.json({ items })
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/appointments/:id/decisions',
      least: ['reader'],
      clinicOf: async (c) => (await store.read((tx) => tx.appointments.find(c.req.param('id') ?? '')))?.clinicId,
      summary: 'Explain every message of an appointment',
      description: 'Gate by gate, past and future, and what would have to change (D30). Names no patient.',
      responses: { 200: explanation },
      handle: async (c, { params: { id } }) => {
        const found = await store.read((tx) => explainAppointment(tx, id, new Set(channels.keys()), clock.now()))
        return found ? c.json(found) : problem(c, 404, 'no such appointment: its id is connector:id-at-the-EHR')
      },
    }),
  ]
}
