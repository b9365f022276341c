import type { StaffRoute } from '../routes/route.ts'
import type { AuditPagesDeps } from './audit/routes.ts'
import { auditPages } from './audit/routes.ts'
import type { ConnectorPagesDeps } from './connectors/routes.ts'
import { connectorPages } from './connectors/routes.ts'
import type { HealthPagesDeps } from './health/routes.ts'
import { healthPages } from './health/routes.ts'
import type { QuarantinePagesDeps } from './quarantine/routes.ts'
import { quarantinePages } from './quarantine/routes.ts'
import type { WebhookPagesDeps } from './webhooks/routes.ts'
import { webhookPages } from './webhooks/routes.ts'
import type { WriteBackPagesDeps } from './write-backs/routes.ts'
import { writeBackPages } from './write-backs/routes.ts'

export type TechnicalAreasDeps = ConnectorPagesDeps &
  QuarantinePagesDeps &
  WriteBackPagesDeps &
  HealthPagesDeps &
  AuditPagesDeps &
  // absent: no other system is told of anything
  Omit<WebhookPagesDeps, 'webhooks'> &
  Partial<Pick<WebhookPagesDeps, 'webhooks'>>

/** Where integrators and operators see to the feeds, what could not be read, what goes back to the EHR, the alarms and the audit. */
export function technicalAreas(deps: TechnicalAreasDeps): readonly StaffRoute[] {
  return [
    ...connectorPages(deps),
    ...quarantinePages(deps),
    ...writeBackPages(deps),
    ...(deps.webhooks ? webhookPages({ ...deps, webhooks: deps.webhooks }) : []),
    ...healthPages(deps),
    ...auditPages(deps),
  ]
}
