import { z } from 'zod'
import { diffSettings } from '../../core/settings-diff.ts'
import type { Store } from '../../store/store.ts'
import { clinicSchema } from '../config/clinic.ts'
import { readClinic } from '../config/clinic-document.ts'
import { apiRoute } from '../routes/api-route.ts'
import { invalid } from '../routes/body.ts'
import type { ApiRoute } from '../routes/route.ts'
import { clinicInPath, problem } from '../routes/route.ts'
import { anInstant, change } from '../routes/shapes.ts'
import { pointerOf } from '../settings/edit-settings.ts'
import { checkTemplates } from '../templates/check.ts'
import type { Forecaster } from './impact.ts'

export interface ImpactRouteDeps {
  readonly store: Store
  readonly forecaster: Forecaster
  /** Somebody carries texts. */
  readonly hasSms: boolean
  readonly publicUrl: string
}

/** A few thousand agendas, motifs and patients. */
const maxBytes = 4 * 1024 * 1024

const beforeAfter = z.object({ before: z.int(), after: z.int() })
const group = z.object({ key: z.string(), sms: z.int(), email: z.int(), cost: z.int(), withoutChannel: z.int() })
const impact = z.object({
  version: z.int().describe('Of the settings it was compared with'),
  computedAt: anInstant,
  from: anInstant,
  until: anInstant,
  appointments: z.object({ total: z.int(), seen: z.int().describe('Fewer than `total`: every figure is an estimate') }),
  sms: beforeAfter,
  email: beforeAfter,
  cost: beforeAfter.describe('In ten-thousandths of the currency'),
  currency: z.string(),
  losing: z.int().describe('Patients to whom something left before, and nothing would'),
  gaining: z.int(),
  spared: z.int().describe('D11: patients still told by text though their agenda is off'),
  agendas: z.array(group),
  changes: z.array(change),
})

/** What settings would change before they are saved: the body is that of `PUT …/settings`, and nothing is kept of it. */
export function impactRoutes({ store, forecaster, hasSms, publicUrl }: ImpactRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/clinics/:clinic/impact',
      least: ['appointments'],
      clinicOf: clinicInPath,
      maxBytes,
      summary: 'Foresee what other settings would change',
      description:
        'The appointments of the next 30 days through both settings, by the functions that decide. The body is that of `PUT …/settings`; nothing of it is saved. Takes a few seconds of a large clinic.',
      bodyTypes: ['application/json', 'application/yaml'],
      bodyHolds: clinicSchema,
      responses: { 200: impact },
      problems: ['invalid'],
      handle: async (c, { params: { clinic } }) => {
        const current = await store.read((tx) => tx.settings.current(clinic))
        if (!current) return problem(c, 404, 'no such clinic')
        const type = c.req.header('content-type') ?? ''
        if (!/json|yaml/.test(type)) return problem(c, 415, 'send application/json or application/yaml')
        const read = readClinic(await c.req.text(), type.includes('yaml') ? 'yaml' : 'json', clinic, hasSms)
        if (!read.ok) return invalid(c, read.faults)
        const { faults } = checkTemplates(read.settings, publicUrl)
        if (faults.length > 0) return invalid(c, faults)
        const { computedAt, span, ...figures } = await forecaster.of(current, read.settings)
        return c.json({
          version: current.version,
          computedAt,
          ...span,
          ...figures,
          changes: diffSettings(current, read.settings).map(({ path, ...values }) => ({ pointer: pointerOf(path), ...values })),
        })
      },
    }),
  ]
}
