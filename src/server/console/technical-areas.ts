import type { JobsDeps } from '../job.ts'
import { createJobs } from '../job.ts'
import type { StaffRoute } from '../routes/route.ts'
import type { ConnectorPagesDeps } from './connectors/routes.ts'
import { connectorPages } from './connectors/routes.ts'

export type TechnicalAreasDeps = Omit<ConnectorPagesDeps, 'jobs'> & JobsDeps

/** Where integrators and operators see to the feeds, what could not be read, what goes back to the EHR, the alarms and the audit. */
export function technicalAreas(deps: TechnicalAreasDeps): readonly StaffRoute[] {
  const jobs = createJobs(deps)
  return [...connectorPages({ ...deps, jobs })]
}
