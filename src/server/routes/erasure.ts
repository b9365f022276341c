import type { Context } from 'hono'
import { z } from 'zod'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { askErasure, confirmErasure } from '../operations/erasure.ts'
import { apiRoute } from './api-route.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { anInstant } from './shapes.ts'

export interface ErasureRouteDeps {
  readonly store: Store
  readonly clock: Clock
  /** Called after a commit: a patient is to be forgotten. */
  readonly erase: () => void
}

type Ask = Context<ApiEnv>

const state = z.enum(['asked', 'confirmed', 'done'])

/** A patient is forgotten in two steps, and for good (R39). */
export function erasureRoutes({ store, clock, erase }: ErasureRouteDeps): readonly ApiRoute[] {
  const ofPatient = async (c: Ask) => (await store.read((tx) => tx.patients.find(c.req.param('id') ?? '')))?.clinicId
  const ofErasure = async (c: Ask) => (await store.read((tx) => tx.erasures.find(c.req.param('id') ?? '')))?.clinicId
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/patients/:id/erasure',
      least: ['admin'],
      clinicOf: ofPatient,
      summary: 'Ask to forget a patient',
      description:
        'R39: the first of two steps. Says how many appointments would go, and how many of them are ahead; nothing is changed yet.',
      responses: { 202: z.object({ id: z.string(), state, appointments: z.int(), ahead: z.int() }) },
      handle: async (c, { params }) => {
        const asked = await store.transact((tx) =>
          askErasure(tx, { patientId: String(params.id), caller: c.get('caller'), now: clock.now() }),
        )
        if (!asked) return problem(c, 404, 'no such patient')
        const { erasure, appointments, ahead } = asked
        return c.json({ id: erasure.id, state: erasure.state, appointments, ahead }, 202)
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/erasures/:id',
      least: ['admin'],
      clinicOf: ofErasure,
      summary: 'Show how far an erasure is',
      responses: {
        200: z.object({
          id: z.string(),
          state,
          askedAt: anInstant,
          askedBy: z.string(),
          confirmedBy: z.string().optional(),
          doneAt: anInstant.optional(),
          appointments: z.int(),
          envelopes: z.int(),
        }),
      },
      handle: async (c, { params }) => {
        const found = await store.read((tx) => tx.erasures.find(String(params.id)))
        if (!found) return problem(c, 404, 'no such erasure')
        const { id, askedAt, askedBy, confirmedBy, doneAt, appointments, envelopes } = found
        return c.json({ id, state: found.state, askedAt, askedBy, confirmedBy, doneAt, appointments, envelopes })
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/erasures/:id/confirm',
      least: ['admin'],
      clinicOf: ofErasure,
      summary: 'Confirm an erasure',
      description:
        'The second step, within 24 h. The patient, their appointments, messages, answers and every envelope that names them are then forgotten for good; audit rows stay, without their details.',
      responses: { 202: z.object({ id: z.string(), state }) },
      problems: ['conflict'],
      handle: async (c, { params }) => {
        const confirmed = await store.transact((tx) =>
          confirmErasure(tx, { id: String(params.id), caller: c.get('caller'), now: clock.now() }),
        )
        if (!confirmed) return problem(c, 409, 'it was confirmed before, or asked more than 24 h ago: ask again')
        erase()
        return c.json({ id: confirmed.id, state: confirmed.state }, 202)
      },
    }),
  ]
}
