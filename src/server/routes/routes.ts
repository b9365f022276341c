import type { Channel } from '../../channels/channel.ts'
import type { Connector } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Archive } from '../../store/port/archive.ts'
import type { Store } from '../../store/store.ts'
import { absenceRoutes } from '../absence/route.ts'
import { withReadings } from '../audit/readings.ts'
import type { Clock } from '../clock.ts'
import { identityRoutes } from '../console/access/area.ts'
import { consoleRoutes } from '../console/console.tsx'
import { consoleScriptRoutes } from '../console/parts/scripts.ts'
import type { Feed } from '../feed/feed.ts'
import type { Identity } from '../identity/identity.ts'
import { createForecaster } from '../impact/impact.ts'
import { impactRoutes } from '../impact/route.ts'
import type { Source } from '../intake/apply.ts'
import type { Ingest } from '../intake/ingest.ts'
import { createJobs } from '../job.ts'
import type { LoopBook } from '../loop-book.ts'
import type { Workbench } from '../mapping/workbench.ts'
import type { Metrics } from '../metrics.ts'
import { documentRoutes } from '../openapi/routes.ts'
import type { Alarms } from '../operations/alarms.ts'
import type { Stoppages } from '../sending/stoppages.ts'
import { shadowRoutes } from '../shadow/routes.ts'
import { testRoutes } from '../templates/test-route.ts'
import { createTestSend } from '../templates/test-send.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import type { WebhookTransport } from '../webhooks/transport.ts'
import { apiRoutes } from './api.ts'
import { appointmentRoutes } from './appointments.ts'
import { auditRoutes } from './audit.ts'
import { channelStopRoutes } from './channel-stops.ts'
import { connectorStatusRoutes } from './connector-status.ts'
import { connectorRoutes } from './connectors.ts'
import { erasureRoutes } from './erasure.ts'
import { healthRoutes } from './health.ts'
import { holdsRoutes } from './holds.ts'
import { onceEach } from './idempotency.ts'
import { importRoutes } from './import.ts'
import { inboundRoutes } from './inbound.ts'
import { inboxRoutes } from './inbox.ts'
import { ledgerRoutes } from './ledgers.ts'
import { massHoldRoutes } from './mass-hold.ts'
import { patientRoutes } from './patient.ts'
import { patientApiRoutes } from './patients.ts'
import { quarantineRoutes } from './quarantine.ts'
import { questionnaireRoutes } from './questionnaire.ts'
import { questionnaireSettingsRoutes } from './questionnaires.ts'
import { reportRoutes } from './reports.ts'
import { restoreHoldRoutes } from './restore-hold.ts'
import type { Route } from './route.ts'
import { settingsRoutes } from './settings.ts'
import { staffRoutes } from './staff.ts'
import { technicalRoutes } from './technical.ts'
import { templateRoutes } from './templates.ts'
import { unsubscribeRoutes } from './unsubscribe.ts'

/** All that any route needs of the service around it. */
export interface RouteDeps {
  readonly store: Store
  readonly archive: Archive
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
  readonly metrics: Metrics
  /** Absent: nobody signs in, and there are no keys but the configuration's. */
  readonly identity?: Identity
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** The ids of all that are configured. */
  readonly clinics: readonly string[]
  readonly ingest: Pick<Ingest, 'receive' | 'retry' | 'replay'>
  /** What the configuration says of the connectors; absent: the console shows none of it, and tries nothing out. */
  readonly workbench?: Workbench
  readonly feed: Feed
  readonly stoppages: Pick<Stoppages, 'reported' | 'stopped' | 'retry'>
  /** False once the service is stopping. */
  readonly isServing: () => boolean
  /** Called after a commit: a message is due. */
  readonly planned: () => void
  /** Called after a commit: an answer waits for its EHR, notifications may have changed. */
  readonly answered: () => void
  readonly alarms: Pick<Alarms, 'look' | 'last'>
  /** Absent: nobody asks what they did last. */
  readonly loops?: Pick<LoopBook, 'last'>
  /** Called after a commit: a patient is to be forgotten. */
  readonly erase: () => void
  /** Absent: no other system is told of anything. */
  readonly webhooks?: Pick<WebhookTransport, 'refusal'>
  /** Called after a commit: another system is to be told. */
  readonly announced: () => void
  /** Called after a commit of new settings: what is ahead is planned again. */
  readonly changed: () => void
}

/** The table of everything that answers: what is not in it does not exist (R22). */
export function allRoutes(deps: RouteDeps): readonly Route[] {
  const { receive } = deps.ingest
  const forecaster = createForecaster(deps)
  const testSend = createTestSend(deps)
  const jobs = createJobs(deps)
  const table: readonly Route[] = [
    ...healthRoutes(deps),
    ...connectorRoutes({ ...deps, receive }),
    ...connectorStatusRoutes(deps),
    ...importRoutes({ ...deps, receive }),
    ...reportRoutes(deps),
    ...inboundRoutes(deps),
    ...inboxRoutes(deps),
    ...apiRoutes(deps),
    ...settingsRoutes({ ...deps, hasSms: deps.channels.has('sms') }),
    ...questionnaireSettingsRoutes(deps),
    ...templateRoutes(deps),
    ...staffRoutes(deps),
    ...massHoldRoutes(deps),
    ...holdsRoutes(deps),
    ...channelStopRoutes(deps),
    ...appointmentRoutes(deps),
    ...patientApiRoutes(deps),
    ...ledgerRoutes(deps),
    ...auditRoutes(deps),
    ...(deps.webhooks ? webhookRoutes({ ...deps, transport: deps.webhooks }) : []),
    ...restoreHoldRoutes(deps),
    ...erasureRoutes(deps),
    ...unsubscribeRoutes(deps),
    ...quarantineRoutes({ ...deps, jobs }),
    ...technicalRoutes({ ...deps, jobs }),
    ...consoleRoutes({ ...deps, jobs, forecaster, testSend, hasSms: deps.channels.has('sms') }),
    ...consoleScriptRoutes(),
    ...shadowRoutes({ ...deps, forecaster }),
    ...absenceRoutes(deps),
    ...testRoutes({ ...deps, testSend }),
    ...impactRoutes({ ...deps, forecaster, hasSms: deps.channels.has('sms') }),
    ...(deps.identity ? identityRoutes(deps.identity) : []),
    // last: their paths begin with a token
    ...patientRoutes(deps),
    ...questionnaireRoutes(deps),
  ]
  const routes = withReadings(table, deps)
  return [...documentRoutes(routes, deps.publicUrl), ...onceEach(routes, deps)]
}
