import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { createStorage } from 'unstorage'
import filesystem from 'unstorage/drivers/fs'
import type { Channel } from '../channels/channel.ts'
import { type SmtpEmailOptions, smtpEmail } from '../channels/smtp-email.ts'
import { examineSmtp } from '../channels/smtp-examine.ts'
import { examineTwilio } from '../channels/twilio-examine.ts'
import type { Connector } from '../connectors/connector.ts'
import type { ConnectorId } from '../core/envelope.ts'
import type { ChannelKind } from '../core/patient.ts'
import { openArchive } from '../store/archive.ts'
import type { Archive } from '../store/port/archive.ts'
import type { InboxRow } from '../store/port/inbox.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import { clientAddress } from './client-address.ts'
import { systemClock } from './clock.ts'
import type { Composition, InboxOpened } from './commands/command.ts'
import { fhirConnector, fhirToolOf, truthsOf } from './compose-fhir.ts'
import { marksOf, watchesOf } from './compose-fhir-watching.ts'
import { hl7Connector } from './compose-hl7v2.ts'
import { machineOf, storeToolsOf, tracingOf } from './compose-operations.ts'
import { pushChannel } from './compose-push.ts'
import { smsChannel } from './compose-sms.ts'
import { moveStore, openStoreOf, recordedOf } from './compose-store.ts'
import { webhookTransport } from './compose-webhooks.ts'
import { workbenchOf } from './compose-workbench.ts'
import { tokensOf } from './config/api-tokens.ts'
import type { Config, ConnectorConfig } from './config/config.ts'
import { createIdentity, type IdentityOptions } from './identity/identity.ts'
import type { Source } from './intake/apply.ts'
import type { Log } from './log.ts'
import { createLog } from './log.ts'
import { mailDns } from './mail/mail-dns.ts'
import type { Metrics } from './metrics.ts'
import { createMetrics } from './metrics.ts'
import { tracedChannel, tracedConnector } from './operations/traced.ts'
import type { Service } from './service.ts'
import { startService } from './service.ts'
import { adoptSettings } from './settings/settings.ts'
import type { ArchiveOpened } from './simulate/command.ts'
import type { Reader, RecordedEnvelope } from './simulate/recording.ts'
import { checkTemplates } from './templates/check.ts'

/** What a test or the demo may put in the place of the ordinary. */
export interface Compositions {
  readonly log?: Log
  /** Told where a connector listens, once it does. */
  readonly onListening?: (connector: string, port: number) => void
}

/** Makes the plug-ins the configuration names and starts the service with them: the only place that knows a concrete one. */
export async function startRappel(config: Config, { log = createLog(config.log), onListening }: Compositions = {}): Promise<Service> {
  const metrics = createMetrics()
  const { server, sms, email, push } = config
  mkdirSync(config.archive.directory, { recursive: true, mode: 0o700 })
  const store = await openStore(config)
  const archive = openArchiveOf(config)
  await adoptSettings(store, config.clinics, systemClock, log)
  const channels = new Map<ChannelKind, Channel>()
  if (sms) channels.set('sms', smsChannel(sms, server.publicUrl))
  if (email) channels.set('email', emailChannel(email, server.publicUrl))
  if (push) channels.set('push', pushChannel(push, store))
  const tracing = await tracingOf(config)
  const addressOf = clientAddress(server.trustedProxies)
  if (tracing) for (const [kind, channel] of channels) channels.set(kind, tracedChannel(channel, tracing))
  return startService({
    store,
    archive,
    connectors: new Map(
      config.connectors.map((each) => {
        const connector = connectorOf(each, { metrics, onListening, publicUrl: server.publicUrl, store })
        return [each.id, tracing ? tracedConnector(connector, tracing) : connector]
      }),
    ),
    ...(tracing && { tracing }),
    sources: sourcesOf(config),
    watches: watchesOf(config),
    truths: truthsOf(config),
    workbench: workbenchOf(config, {
      make: (each) => connectorOf(each, { metrics: createMetrics(), publicUrl: server.publicUrl }),
      openScratch,
    }),
    channels,
    clock: systemClock,
    log,
    metrics,
    host: server.host,
    port: server.port,
    publicUrl: server.publicUrl,
    apiTokens: tokensOf(server),
    limits: server.rateLimits,
    webhooks: webhookTransport(config.webhooks),
    clientAddress: addressOf,
    identity: createIdentity(
      { store, clock: systemClock, publicUrl: server.publicUrl, clientAddress: addressOf },
      config.identity satisfies IdentityOptions,
    ),
    keep: config.retention,
    machine: machineOf(config),
    sendRetries: config.sendRetries,
    writeBackRetries: config.writeBackRetries,
    // sooner than a stop gives up, so that what was under way is not left in doubt (R36)
    sendTimeout: Temporal.Duration.from({ seconds: 20 }),
  })
}

function openStore(config: Config): Promise<Store> {
  return openStoreOf(config.store)
}

/** An empty store in a temporary folder, under a key nobody keeps; both go when it is closed. */
async function openScratch(now: () => Temporal.Instant): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-scratch-'))
  const store = await openSqlite({ path: join(folder, 'scratch.db'), encryptionKey: randomBytes(32).toString('base64'), now })
  return {
    ...store,
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What reads the connectors' envelopes again, and whose they are: nothing listens. */
function readersOf(config: Config): ReadonlyMap<ConnectorId, Reader> {
  const [connectors, sources] = [connectorsOf(config), sourcesOf(config)]
  return new Map(
    [...connectors].flatMap(([id, connector]) => {
      const source = sources.get(id)
      return source ? [[id, { connector, source, protocol: connector.protocol }] as const] : []
    }),
  )
}

function connectorsOf(config: Config): ReadonlyMap<ConnectorId, Connector> {
  const metrics = createMetrics()
  return new Map(config.connectors.map((each) => [each.id, connectorOf(each, { metrics, publicUrl: config.server.publicUrl })]))
}

function sourcesOf({ connectors }: Config): ReadonlyMap<ConnectorId, Source> {
  return new Map(connectors.map((each) => [each.id, sourceOf(each)]))
}

/** All that the configuration's store ever received; the store must exist. */
async function openRecorded(config: Config): Promise<ArchiveOpened> {
  const store = await openStore(config)
  const archive = openArchiveOf(config)
  return {
    store,
    envelopes: arrivals(recordedOf(config.store, store, archive)),
    async close() {
      await archive.close()
      await store.close()
    },
  }
}

/** For the commands: what they may make of a configuration without starting the service. */
export const composition: Composition = {
  start: startRappel,
  moveStore,
  storeTools: storeToolsOf,
  machine: machineOf,
  async examineProvider({ sms, email, server }, channel, signal) {
    if (channel === 'email') return email && examineSmtp(smtpOptions(email, server.publicUrl), signal)
    if (sms?.provider !== 'twilio') return undefined
    return examineTwilio({ ...sms, timeoutMs: ms(sms.timeout) }, signal)
  },
  openInbox,
  fhirTool(config, id) {
    const found = config.connectors.find((each) => each.id === id)
    return found?.protocol === 'fhir' ? fhirToolOf(found, config.server.publicUrl) : undefined
  },
  openStore,
  openScratch,
  openRecorded,
  readersOf,
  connectorsOf,
  sourcesOf,
  mailDns,
  hl7Tools: async () => (await import('./compose-hl7v2-tools.ts')).hl7Tools,
}

/** The same with what became of each. */
async function openInbox(config: Config): Promise<InboxOpened> {
  const store = await openStore(config)
  const archive = openArchiveOf(config)
  const states = await store.read((tx) => tx.inbox.countByState())
  return {
    count: Object.values(states).reduce((sum, each) => sum + each, 0),
    rows: recordedOf(config.store, store, archive),
    async close() {
      await archive.close()
      await store.close()
    },
  }
}

async function* arrivals(rows: AsyncIterable<InboxRow>): AsyncGenerator<RecordedEnvelope> {
  for await (const { envelope } of rows) yield { envelope, arrived: envelope.receivedAt }
}

function openArchiveOf({ store: { key }, archive }: Config): Archive {
  return openArchive({
    storage: createStorage({ driver: filesystem({ base: archive.directory }) }),
    ...(key !== undefined && { key }),
  })
}

/** What only the plug-ins themselves can judge: a path, a rule, a country, a charset; and whether a clinic's own words can be sent. */
export function plugInFaults(config: Config): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const metrics = createMetrics()
  const { sms, email, push, server, connectors, clinics } = config
  return [
    ...clinics.flatMap((clinic, index) =>
      checkTemplates(clinic, server.publicUrl).faults.map(({ path, message }) => ({ path: ['clinics', index, ...path], message })),
    ),
    ...connectors.flatMap((each, index) =>
      faultIn(['connectors', index], () => connectorOf(each, { metrics, publicUrl: server.publicUrl })),
    ),
    ...(sms ? faultIn(['sms'], () => smsChannel(sms, server.publicUrl)) : []),
    ...(email ? faultIn(['email'], () => emailChannel(email, server.publicUrl)) : []),
    ...(push ? faultIn(['push'], () => pushChannel(push)) : []),
  ]
}

function faultIn(path: readonly PropertyKey[], make: () => unknown) {
  try {
    make()
    return []
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : String(error) }]
  }
}

function sourceOf({ id, clinic, zone, cancelDebounce, maxEventAge }: ConnectorConfig): Source {
  return { connectorId: id, clinicId: clinic, zone, cancelDebounce, maxEventAge }
}

interface Surroundings {
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly onListening?: Compositions['onListening']
  /** Absent where nothing runs. */
  readonly store?: Store
}

function connectorOf(config: ConnectorConfig, { metrics, publicUrl, onListening, store }: Surroundings): Connector {
  switch (config.protocol) {
    case 'hl7v2':
      return hl7Connector(config, metrics, onListening)
    case 'fhir':
      return fhirConnector(config, { publicUrl, ...(store && { marks: marksOf(store, systemClock, config.id) }) })
    default:
      return config satisfies never
  }
}

const ms = (duration: Temporal.Duration): number => duration.total('milliseconds')

function emailChannel(email: NonNullable<Config['email']>, publicUrl: string): Channel {
  return smtpEmail(smtpOptions(email, publicUrl))
}

function smtpOptions(
  { provider: _provider, password, timeout, dkimSelectors: _selectors, ...plain }: NonNullable<Config['email']>,
  publicUrl: string,
): SmtpEmailOptions {
  return {
    ...plain,
    ...(password !== undefined && { pass: password }),
    messageIdDomain: new URL(publicUrl).hostname,
    timeoutMs: ms(timeout),
  }
}
