import type { Context } from 'hono'
import { mayEnter } from '../../../core/access.ts'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { ChannelKind } from '../../../core/patient.ts'
import type { Store } from '../../../store/store.ts'
import type { Clock } from '../../clock.ts'
import type { Source } from '../../intake/apply.ts'
import type { Alarms } from '../../operations/alarms.ts'
import { programVersion } from '../../operations/program.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { installationFace } from '../technical-face.ts'
import { factsOf } from './facts.ts'
import { healthPage } from './page.tsx'

export interface HealthPagesDeps {
  readonly store: Store
  /** Absent: nobody looks for alarms. */
  readonly alarms?: Pick<Alarms, 'look'>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly channels: ReadonlyMap<ChannelKind, unknown>
  readonly clinics: readonly string[]
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

async function show({ store, alarms, channels, clinics, ...deps }: HealthPagesDeps, c: Context<StaffEnv>): Promise<Response> {
  const [caller, language] = [c.get('caller'), c.get('language')]
  const all = (await alarms?.look()) ?? []
  return healthPage(c, {
    alarms: all.filter(({ clinicId }) => clinicId === undefined || mayEnter(caller, clinicId)),
    facts: await factsOf(
      store,
      clinics.filter((id) => mayEnter(caller, id)),
    ),
    version: programVersion,
    channels: [...channels.keys()],
    face: { ...installationFace(deps, language), language },
  })
}
