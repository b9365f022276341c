import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Appointment } from '../../core/appointment.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery, split } from './paging.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { appointment, instantAsked, instantKey } from './shapes.ts'

export interface AppointmentRouteDeps {
  readonly store: Store
  readonly clock: Clock
}

/** Where nothing is said: from now, for so long. */
const usualSpan = { hours: 30 * 24 }

const query = z.object({
  from: instantAsked.optional().describe('Starting then or later; now unless told'),
  until: instantAsked.optional().describe('Starting before then; 30 days after `from` unless told'),
  agenda: z.string().min(1).max(500).optional().describe('The EHR’s key of one agenda'),
  patient: z.string().min(1).max(500).optional().describe('Of one patient, connector:id-at-the-EHR; with neither agenda'),
  ...pageQuery(z.object({ id: z.string(), start: instantKey })),
})

/** Appointments as the EHR's words leave them: by time, by agenda and by patient. */
export function appointmentRoutes({ store, clock }: AppointmentRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/clinics/:clinic/appointments',
      least: ['reader'],
      clinicOf: clinicInPath,
      summary: 'List appointments',
      description: 'By their start, soonest first. Whose they are is an id: names are asked for by `patients`.',
      query,
      responses: { 200: pageOf(appointment) },
      handle: async (
        c,
        { params: { clinic }, query: { from = clock.now(), until = from.add(usualSpan), agenda, patient, limit, cursor } },
      ) => {
        const span = { from, until, limit: limit + 1, ...(cursor && { after: cursor }) }
        const rows = await store.read((tx) =>
          patient === undefined
            ? tx.appointments.starting(clinic, { ...span, ...(agenda !== undefined && { agendaKey: agenda }) })
            : ofPatient(tx, clinic, patient, span),
        )
        const { items, last } = split(rows, limit)
        return page(c, items.map(show), last?.start && { id: last.id, start: last.start })
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/appointments/:id',
      least: ['reader'],
      clinicOf: async (c: Context<ApiEnv>) => (await store.read((tx) => tx.appointments.find(c.req.param('id') ?? '')))?.clinicId,
      summary: 'Read an appointment',
      responses: { 200: appointment },
      handle: async (c, { params: { id } }) => {
        const found = await store.read((tx) => tx.appointments.find(id))
        return found ? c.json(show(found)) : problem(c, 404, 'no such appointment: its id is connector:id-at-the-EHR')
      },
    }),
  ]
}

interface Span {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly limit: number
  readonly after?: { readonly id: string; readonly start: Temporal.Instant }
}

/** More of one patient than start at one instant. */
const atOneInstant = 50

async function ofPatient(
  tx: Transaction,
  clinic: string,
  id: string,
  { from, until, limit, after }: Span,
): Promise<readonly Appointment[]> {
  const begin = after && Temporal.Instant.compare(after.start, from) > 0 ? after.start : from
  const found = await tx.appointments.ofPatient(id, begin, limit + atOneInstant)
  return found
    .filter(({ clinicId, start }) => clinicId === clinic && start && Temporal.Instant.compare(start, until) < 0)
    .toSorted((a, b) => compare(a, b))
    .filter((each) => !after || compare(each, after) > 0)
    .slice(0, limit)
}

interface Placed {
  readonly id: string
  readonly start?: Temporal.Instant
}

function compare(a: Placed, b: Placed): number {
  const at = a.start && b.start ? Temporal.Instant.compare(a.start, b.start) : 0
  return at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function show({ said: _, etag: __, envelopeId: ___, timeReading: ____, arrival: _____, ...shown }: Appointment) {
  return shown
}
