import { z } from 'zod'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { apiRoute } from '../routes/api-route.ts'
import type { ApiRoute } from '../routes/route.ts'
import { clinicInPath, problem } from '../routes/route.ts'
import { anInstant, anyChannel, instantAsked } from '../routes/shapes.ts'
import { foreseeAbsence } from './foresee.ts'

export interface AbsenceRouteDeps {
  readonly store: Store
  readonly clock: Clock
}

const item = z.object({
  appointmentId: z.string(),
  patientId: z.string().optional(),
  start: anInstant.optional(),
  decisions: z.array(z.object({ channel: anyChannel, outcome: z.string(), reason: z.string().optional() })),
  toCall: z.string().optional().describe('Why a person must telephone'),
})

/** What an absence would tell whom, before it is set in the EHR (D12). */
export function absenceRoutes({ store, clock }: AbsenceRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/clinics/:clinic/absence',
      least: ['reader'],
      clinicOf: clinicInPath,
      summary: 'Foresee an absence',
      description:
        'Whom the cancellation of all appointments of one agenda between two instants would tell what, and who would be called (D12). Nothing is kept.',
      query: z.object({ agenda: z.string().min(1).max(500), from: instantAsked, until: instantAsked }),
      responses: { 200: z.object({ items: z.array(item), more: z.boolean(), isAbsence: z.boolean() }) },
      handle: async (c, { params: { clinic }, query: { agenda, from, until } }) => {
        const foreseen = await store.read(async (tx) => {
          const settings = await tx.settings.current(clinic)
          return settings && foreseeAbsence(tx, settings, { agendaKey: agenda, from, until }, clock.now())
        })
        if (!foreseen) return problem(c, 404, 'no such clinic')
        const items = foreseen.items.map(({ appointment, patient, decisions, toCall }) => ({
          appointmentId: appointment.id,
          patientId: patient?.id,
          start: appointment.start,
          decisions: decisions.map(({ channel, outcome }) => ({
            channel,
            outcome: outcome.kind,
            ...(outcome.kind !== 'send' && { reason: outcome.reason }),
          })),
          toCall,
        }))
        return c.json({ ...foreseen, items })
      },
    }),
  ]
}
