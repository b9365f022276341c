import type { Context } from 'hono'
import { mayEnter } from '../../../core/access.ts'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { ChannelKind } from '../../../core/patient.ts'
import type { Clock } from '../../clock.ts'
import type { Source } from '../../intake/apply.ts'
import type { HealthDeps } from '../../operations/health.ts'
import { healthFor } from '../../operations/health.ts'
import { programVersion } from '../../operations/program.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { installationFace } from '../technical-face.ts'
import { factsOf } from './facts.ts'
import { healthPage } from './page.tsx'

export interface HealthPagesDeps extends HealthDeps {
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly channels: ReadonlyMap<ChannelKind, unknown>
  readonly clock: Clock
}

/** What is wrong and how to mend it (R37): the same list that `/readyz`, the metrics and the API tell. */
export function healthPages(deps: HealthPagesDeps): readonly StaffRoute[] {
  return [
    {
      method: 'GET',
      path: '/console/health',
      access: 'staff',
      least: ['admin', 'integrator'],
      clinicOf: 'each',
      handle: (c) => show(deps, c),
    },
  ]
}

async function show(deps: HealthPagesDeps, c: Context<StaffEnv>): Promise<Response> {
  const [caller, language] = [c.get('caller'), c.get('language')]
  const { store, clinics, channels } = deps
  return healthPage(c, {
    health: await healthFor(deps, caller),
    facts: await factsOf(
      store,
      clinics.filter((id) => mayEnter(caller, id)),
    ),
    version: programVersion,
    channels: [...channels.keys()],
    face: { ...installationFace(deps, language), language },
  })
}
