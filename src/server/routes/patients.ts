import type { Context } from 'hono'
import { z } from 'zod'
import type { ConnectorId } from '../../core/envelope.ts'
import { type Patient, patientId } from '../../core/patient.ts'
import type { PatientFound, PatientPlace } from '../../store/port/patients.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery, split } from './paging.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { auditEntry, patient } from './shapes.ts'

export interface PatientApiDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
}

const by = ['name', 'birthDate', 'phone', 'id'] as const

const query = z
  .object({
    name: z
      .string()
      .regex(/[\p{L}\p{N}]/u, 'at least one letter')
      .max(80)
      .optional()
      .describe('The beginning of a name, or of any word of it; accents and case are left aside'),
    birthDate: z.iso.date().optional(),
    phone: z
      .string()
      .regex(/^\+\d{6,15}$/, 'E.164: +14185550177')
      .optional()
      .describe('E.164; a guardian’s finds the child too'),
    id: z.string().min(1).max(500).optional().describe('The EHR’s own id, or ours: connector:id-at-the-EHR'),
    ...pageQuery(z.object({ id: z.string(), term: z.string() })),
  })
  .refine((asked) => by.filter((each) => asked[each] !== undefined).length === 1, `give one of ${by.join(', ')}`)

/** As many as share a phone. */
const mostOfPhone = 100
const mostHistory = 200

/** Whom a clinic knows: found by name, birth date, phone or id, and shown with what they chose. */
export function patientApiRoutes({ store, sources }: PatientApiDeps): readonly ApiRoute[] {
  const clinicOf = async (c: Context<ApiEnv>) => (await store.read((tx) => tx.patients.find(c.req.param('id') ?? '')))?.clinicId
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/clinics/:clinic/patients',
      least: ['appointments'],
      clinicOf: clinicInPath,
      summary: 'Find patients',
      description: 'By one of name, birth date, phone and id.',
      query,
      responses: { 200: pageOf(patient) },
      handle: async (c, { params: { clinic }, query: { name, birthDate, phone, id, limit, cursor } }) => {
        if (name !== undefined || birthDate !== undefined) {
          const what = name === undefined ? { birthDate: birthDate ?? '' } : { name }
          const rows = await store.read((tx) => tx.patients.search(clinic, what, limit + 1, cursor))
          const { items, last } = split(rows, limit)
          return page(
            c,
            items.map((each) => show(each.patient)),
            last && placeOf(last),
          )
        }
        const found = await store.read((tx) =>
          phone === undefined ? byId(tx, clinic, id ?? '', sources) : tx.patients.sharing(clinic, phone, mostOfPhone),
        )
        return page(c, found.map(show), undefined)
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/patients/:id',
      least: ['appointments'],
      clinicOf,
      summary: 'Read a patient',
      responses: { 200: patient },
      handle: async (c, { params: { id } }) => {
        const found = await store.read((tx) => tx.patients.find(id))
        return found ? c.json(show(found)) : problem(c, 404, 'no such patient: the id is connector:id-at-the-EHR')
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/patients/:id/history',
      least: ['appointments'],
      clinicOf,
      summary: 'Show what was done about a patient',
      description: `The audit of their record, newest first, ${mostHistory} at most: consents, STOPs, merges, erasure.`,
      responses: { 200: z.object({ items: z.array(auditEntry) }) },
      handle: async (c, { params: { id } }) => c.json({ items: await store.read((tx) => tx.audit.of(id, mostHistory)) }),
    }),
  ]
}

function placeOf({ patient: { id }, term }: PatientFound): PatientPlace {
  return { id, term }
}

async function byId(tx: Transaction, clinic: string, id: string, sources: PatientApiDeps['sources']): Promise<readonly Patient[]> {
  const own = [...sources].flatMap(([connector, source]) => (source.clinicId === clinic ? [patientId(connector, id)] : []))
  const found = await Promise.all([id, ...own].map((each) => tx.patients.find(each)))
  return found.flatMap((each) => (each?.clinicId === clinic ? [each] : []))
}

/** A device's address is a capability: how many there are is enough. */
function show({ said: _, inherited: __, preferences, ...record }: Patient) {
  const { devices = [], ...chosen } = preferences ?? {}
  return { ...record, ...(preferences && { preferences: { ...chosen, devices: devices.length } }) }
}
