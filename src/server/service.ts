import { setMaxListeners } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Temporal } from 'temporal-polyfill'
import type { Channel } from '../channels/channel.ts'
import type { Connector } from '../connectors/connector.ts'
import type { ConnectorId } from '../core/envelope.ts'
import type { ChannelKind } from '../core/patient.ts'
import type { Archive } from '../store/port/archive.ts'
import type { Store } from '../store/store.ts'
import type { ApiToken } from './api-guard.ts'
import { type AppDeps, createApp } from './app.ts'
import type { ClientAddress } from './client-address.ts'
import type { Clock } from './clock.ts'
import { clinicNames } from './console/clinic-names.ts'
import { createFeed } from './feed/feed.ts'
import { firstOperatorAddress, type Identity } from './identity/identity.ts'
import { createTidying } from './inbound/tidying.ts'
import type { Source } from './intake/apply.ts'
import { createArchiving } from './intake/archiving.ts'
import { createIngest } from './intake/ingest.ts'
import { startWatching, type Watch, type Watching } from './intake/watching.ts'
import type { Log } from './log.ts'
import type { Loop, Work } from './loop.ts'
import { idle, startLoop } from './loop.ts'
import { createLoopBook } from './loop-book.ts'
import type { LoopName } from './loop-names.ts'
import { loopNames } from './loop-names.ts'
import type { Workbench } from './mapping/workbench.ts'
import type { Metrics } from './metrics.ts'
import { inOneNode } from './nodes.ts'
import { createAlarms, type MachineLook } from './operations/alarms.ts'
import { createErasing } from './operations/erasure.ts'
import { unlessHeld } from './operations/restore-hold.ts'
import { createRetention, type RetentionDeps } from './operations/retention.ts'
import { tracedFetch } from './operations/traced.ts'
import { createForgetting } from './questionnaire/handed-in.ts'
import type { RateLimits } from './rate-limits.ts'
import { allRoutes } from './routes/routes.ts'
import { createAsking } from './sending/asking.ts'
import { createDispatch } from './sending/dispatch.ts'
import { createTakeover, recoverAttempts } from './sending/outcome.ts'
import { createStoppages } from './sending/stoppages.ts'
import { createTruthCheck, type TruthSettings } from './sending/truth-check.ts'
import { createReplanning } from './settings/replanning.ts'
import { createShadowForgetting } from './shadow/forgetting.ts'
import type { Tracing } from './tracing.ts'
import { announcing } from './webhooks/announcing.ts'
import { createWebhooks } from './webhooks/deliver.ts'
import type { WebhookTransport } from './webhooks/transport.ts'
import { createWriteBacks } from './write-back.ts'

export interface ServiceDeps {
  readonly store: Store
  readonly archive: Archive
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  /** Of the EHRs that can be asked; five minutes where nothing is said. */
  readonly watches?: ReadonlyMap<ConnectorId, Watch>
  /** Of which appointments are read again before something is said of them. */
  readonly truths?: ReadonlyMap<ConnectorId, TruthSettings>
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly publicUrl: string
  readonly apiTokens?: readonly ApiToken[]
  readonly limits?: RateLimits
  /** Who asks; absent: the peer. */
  readonly clientAddress?: ClientAddress
  /** Absent: no other system is told of anything. */
  readonly webhooks?: WebhookTransport
  /** Absent: there is no console, and there are no keys but the configuration's. */
  readonly identity?: Identity
  /** How many days each kind of record is kept; absent: for ever. */
  readonly keep?: RetentionDeps['keep']
  readonly machine?: MachineLook
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing
  readonly sendRetries: readonly Temporal.Duration[]
  readonly writeBackRetries: readonly Temporal.Duration[]
  readonly sendTimeout: Temporal.Duration
  readonly workbench?: Workbench
}

export interface Service {
  readonly port: number
  /** Where the first operator is made, once; absent where there is somebody already, or nobody keeps accounts. */
  readonly firstOperator?: string
  /** Accepts nothing new, finishes what is in hand, closes the store. Safe to call twice. */
  stop(): Promise<void>
  /** Resolves when a listener failed for good; the process should then end. */
  readonly failed: Promise<unknown>
}

/**
 * Each takes what the others have not, or looks after what it alone knows; every other loop runs on one node at a time. What dead nodes had under way is looked
 * after by all: whoever had it to itself might die of it, and the next, and the patient would not be told (R15).
 */
const onEveryNode: ReadonlySet<LoopName> = new Set(['dispatch', 'writeBack', 'readBack', 'feed', 'truthCheck', 'alarms', 'takeover'])

/** Before a connector's name: a hint that it is to be polled. */
const POLL = 'poll '

/** Runs the loops, the connectors' listeners and the web server, in the order in which each needs the other. */
export async function startService(given: ServiceDeps): Promise<Service> {
  const clinicOf = (id: ConnectorId) => given.sources.get(id)?.clinicId
  // what happens is written down for whoever is told of it, whoever does it
  const { clock } = given
  const store = announcing(given.store, { clock, clinicOf, announced: () => wake('webhooks')() })
  const deps = { ...given, store, loops: createLoopBook(clock) }
  const { archive, log, connectors } = deps
  const stopping = new AbortController()
  const loops = new Map<LoopName, Loop>()
  const wake = (name: LoopName) => () => {
    loops.get(name)?.wake()
    store.cluster?.hint(name)
  }
  const planned = wake('dispatch')
  const answered = () => {
    wake('writeBack')()
    planned()
  }
  let watching: Watching | undefined
  const polled = (id: ConnectorId) => {
    watching?.poll(id)
    store.cluster?.hint(`${POLL}${id}`)
  }
  const feed = createFeed(deps)
  const ingest = createIngest({ ...deps, feed, planned, hinted: wake('readBack'), polled })
  const truth = createTruthCheck({
    ...deps,
    truths: deps.truths ?? new Map(),
    receive: ingest.receive,
    polledAt: (id) => watching?.polledAt(id),
    wanted: wake('truthCheck'),
    checked: planned,
  })
  await recoverAttempts(deps)
  const stoppages = createStoppages(deps)
  const clinics = clinicsOf(deps)
  const alarms = createAlarms({ ...deps, clinics, feed })
  const works: Readonly<Record<LoopName, Work>> = {
    dispatch: unlessHeld(createDispatch({ ...deps, retries: deps.sendRetries, truth, stoppages }), deps),
    writeBack: unlessHeld(createWriteBacks({ ...deps, retries: deps.writeBackRetries, planned }), deps),
    readBack: ingest.readBack,
    replanning: createReplanning({ store, clock, log, clinics, zoneData: process.versions.tz ?? '', planned }),
    feed: feed.work,
    archiving: createArchiving({ store, archive, clock }),
    asking: createAsking({ ...deps, planned }),
    forgetting: createForgetting({ store, clock }),
    tidying: createTidying({ store, clock }),
    shadowForgetting: createShadowForgetting({ store, clock }),
    truthCheck: truth.work,
    alarms: alarms.work,
    erasing: createErasing(deps),
    webhooks: deps.webhooks ? createWebhooks({ ...deps, transport: deps.webhooks, feed }) : idle('webhooks', clock),
    retention: deps.keep ? createRetention({ store, archive, clock, clinics, keep: deps.keep }) : idle('retention', clock),
    takeover: createTakeover(deps),
  }
  // each loop and listener waits for it
  setMaxListeners(loopNames.length + 4 * (connectors.size + 1), stopping.signal)
  for (const name of loopNames) {
    const work = onEveryNode.has(name) ? works[name] : inOneNode(works[name], deps)
    loops.set(name, startLoop(work, deps, stopping.signal))
  }
  store.cluster?.onHint((name) => {
    if (name.startsWith(POLL)) watching?.poll(name.slice(POLL.length))
    for (const [known, loop] of loops) if (name === known || name === '*') loop.wake()
  })
  const running = () => [...loops.values()].map((loop) => loop.done)
  const isServing = () => !stopping.signal.aborted
  const routes = allRoutes({
    ...deps,
    clinics,
    ingest,
    feed,
    stoppages,
    isServing,
    planned,
    answered,
    changed: wake('replanning'),
    alarms,
    erase: wake('erasing'),
    announced: wake('webhooks'),
  })
  const { identity } = deps
  const app = createApp({ ...deps, routes, ...(identity && comingIn(identity, clinics)) })
  const web = await listen(deps.tracing ? tracedFetch(app.fetch, deps.tracing) : app.fetch, deps).catch(async (cause: unknown) => {
    // the loops run by now, and would keep a failed process alive
    stopping.abort()
    await Promise.all(running())
    await archive.close()
    await store.close()
    throw cause
  })
  const first = identity && (await firstOperatorAddress(identity))
  if (first !== undefined) log.warn('first_operator', { link: first })
  watching = startWatching({ ...deps, receive: ingest.receive }, stopping.signal)
  const watched = watching.done
  const listeners = [...connectors.values()].map((connector) => connector.listen(ingest.receive, stopping.signal))
  const failed = Promise.race(
    listeners.map((listener) =>
      listener.then(
        () => new Promise(() => {}),
        (error: unknown) => error,
      ),
    ),
  )
  const stop = once(async () => {
    stopping.abort()
    await Promise.allSettled([closeWeb(web), ...listeners, watched, ...running()])
    await archive.close()
    await store.close()
    await deps.tracing?.close()
  })
  return { port: portOf(web), ...(first !== undefined && { firstOperator: first }), stop, failed }
}

/** The console and the keys of the API, for whoever may come in. */
function comingIn({ store, sessions, keys, publicUrl }: Identity, clinics: readonly string[]): Pick<AppDeps, 'apiKeys' | 'console'> {
  return { apiKeys: keys, console: { sessions, publicUrl, clinicNames: () => clinicNames(store, clinics) } }
}

function clinicsOf({ sources }: ServiceDeps): readonly string[] {
  return [...new Set([...sources.values()].map((source) => source.clinicId))]
}

async function listen(fetch: (request: Request) => Response | Promise<Response>, { host, port }: ServiceDeps): Promise<Server> {
  const server = serve({
    fetch,
    hostname: host,
    port,
    serverOptions: { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000 },
  }) as Server
  await new Promise<void>((resolve, reject) => {
    if (server.listening) return resolve()
    server.once('listening', resolve)
    server.once('error', reject)
  })
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** How long requests in hand may take, once we stop; a peer that sends slowly does not hold us (R36). */
const lastCallMs = 5_000

/** Requests in hand are answered; idle connections are closed at once. */
function closeWeb(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const lastCall = setTimeout(() => server.closeAllConnections(), lastCallMs)
    server.close(() => {
      clearTimeout(lastCall)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= act()
    return done
  }
}
