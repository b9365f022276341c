import { diffSettings } from '../../core/settings-diff.ts'
import type { Store } from '../../store/store.ts'
import { readClinic } from '../config/clinic-document.ts'
import { invalid } from '../routes/body.ts'
import type { ApiRoute } from '../routes/route.ts'
import { clinicInPath, problem } from '../routes/route.ts'
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

/** What settings would change before they are saved: the body is that of `PUT …/settings`, and nothing is kept of it. */
export function impactRoutes({ store, forecaster, hasSms, publicUrl }: ImpactRouteDeps): readonly ApiRoute[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/clinics/:clinic/impact',
      access: 'api',
      least: ['appointments'],
      clinicOf: clinicInPath,
      maxBytes,
      handle: async (c) => {
        const clinicId = c.req.param('clinic') ?? ''
        const current = await store.read((tx) => tx.settings.current(clinicId))
        if (!current) return problem(c, 404, 'no such clinic')
        const form = c.req.header('content-type')?.includes('yaml') ? 'yaml' : 'json'
        const read = readClinic(await c.req.text(), form, clinicId, hasSms)
        if (!read.ok) return invalid(c, read.faults)
        const { faults } = checkTemplates(read.settings, publicUrl)
        if (faults.length > 0) return invalid(c, faults)
        const { computedAt, span, ...figures } = await forecaster.of(current, read.settings)
        return c.json({
          version: current.version,
          computedAt: computedAt.toString(),
          from: span.from.toString(),
          until: span.until.toString(),
          ...figures,
          changes: diffSettings(current, read.settings).map(({ path, ...values }) => ({ pointer: pointerOf(path), ...values })),
        })
      },
    },
  ]
}
