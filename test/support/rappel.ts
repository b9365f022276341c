import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { onTestFinished } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import type { Role } from '../../src/core/access.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { Notification } from '../../src/core/notification.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { ApiToken } from '../../src/server/api-guard.ts'
import { createApp } from '../../src/server/app.ts'
import { webhookTransport } from '../../src/server/compose-webhooks.ts'
import { createFeed } from '../../src/server/feed/feed.ts'
import { createIngest } from '../../src/server/intake/ingest.ts'
import { createLog } from '../../src/server/log.ts'
import type { LoopStep } from '../../src/server/loop-book.ts'
import type { Workbench } from '../../src/server/mapping/workbench.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { createAlarms, type MachineLook } from '../../src/server/operations/alarms.ts'
import type { RateLimits } from '../../src/server/rate-limits.ts'
import { allRoutes } from '../../src/server/routes/routes.ts'
import { createAsking } from '../../src/server/sending/asking.ts'
import { createDispatch } from '../../src/server/sending/dispatch.ts'
import { createStoppages } from '../../src/server/sending/stoppages.ts'
import { createReplanning } from '../../src/server/settings/replanning.ts'
import { announcing } from '../../src/server/webhooks/announcing.ts'
import { createWebhooks } from '../../src/server/webhooks/deliver.ts'
import { createWriteBacks } from '../../src/server/write-back.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { connect } from '../../src/store/sqlite-connection.ts'
import type { Store, Transaction } from '../../src/store/store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { clinicSettings } from './clinic.ts'
import { consoleOf } from './console.ts'
import { openEmpty } from './empty-store.ts'
import type { FakeConnector } from './fakes.ts'
import { fakeChannel, fakeConnector, manualClock, memoryArchive } from './fakes.ts'
import { type IdentityWanted, identityFor } from './identity.ts'

export const API_TOKEN = 'R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m'
export const PUBLIC_URL = 'https://rdv.example'

export const roles: readonly Role[] = ['operator', 'admin', 'appointments', 'reader', 'integrator']

/** Of one role at one clinic; a test's clinic is `tilleuls`. */
export function tokenOf(role: Role, clinic = 'tilleuls'): string {
  return `${role}-${clinic}-${'R4nd0m'.repeat(5)}`
}

const staffTokens: readonly ApiToken[] = ['tilleuls', 'erables'].flatMap((clinic) =>
  roles.map((role) => ({ name: `${role}-${clinic}`, role, token: tokenOf(role, clinic), clinics: [clinic] })),
)

export interface RappelOptions {
  readonly settings?: Settings
  readonly now?: string
  /** A store's file to begin with, settings and all. */
  readonly from?: string
  /** The EHRs, all of the one clinic; `tilleuls` alone unless told. */
  readonly connectors?: readonly FakeConnector[]
  /** The operator's; undefined: there is no API. */
  readonly apiToken?: string | undefined
  /** What the console knows of the connectors' configuration; nothing unless told. */
  readonly workbench?: Workbench
  /** What the alarms see of the machine; nothing unless told. */
  readonly machine?: MachineLook
  /** What the loops did last, as health tells it; nothing unless told. */
  readonly loops?: readonly LoopStep[]
  readonly cancelDebounce?: string
  readonly maxEventAge?: string
  readonly isServing?: () => boolean
  readonly limits?: RateLimits
  /** Who may come in, where it is not the usual. */
  readonly identity?: IdentityWanted
  /** Beside the scripted ones, given the store. */
  readonly push?: (store: Store) => Channel
}

const seconds = (...counts: readonly number[]) => counts.map((count) => Temporal.Duration.from({ seconds: count }))

/** The whole server on a real store in a folder of its own, with scripted EHRs and providers, and a clock moved by hand. */
export async function openRappel(options: RappelOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-server-'))
  const path = join(folder, 'rappel.db')
  const clock = manualClock(options.now ?? '2026-11-25T15:00:00Z')
  if (options.from !== undefined) await copyFile(options.from, path)
  const open = options.from === undefined ? openEmpty : openSqlite
  const sqlite = await open({ path, now: clock.now })
  onTestFinished(async () => {
    await sqlite.close()
    await rm(folder, { recursive: true })
  })
  const breaker = breakable(sqlite)
  const fakes = options.connectors ?? [fakeConnector('tilleuls')]
  const woken: string[] = []
  const announced = () => void woken.push('announced')
  const store = announcing(breaker.store, {
    clock,
    clinicOf: (id) => (fakes.some((fake) => fake.id === id) ? settings.clinic.id : undefined),
    announced,
  })
  const settings = options.settings ?? clinicSettings()
  if (options.from === undefined) await store.transact((tx) => tx.settings.save(settings, clock.now()))
  const ehr = fakes[0] ?? fakeConnector('tilleuls')
  const [sms, email] = [fakeChannel('sms'), fakeChannel('email')]
  const push = options.push?.(store)
  const lines: string[] = []
  const deps = {
    store,
    archive: memoryArchive(),
    connectors: new Map(fakes.map((fake) => [fake.id, fake])),
    sources: new Map(fakes.map(({ id }) => [id, sourceOf(id, settings, options)])),
    channels: new Map<ChannelKind, Channel>([sms, email, ...(push ? [push] : [])].map((channel) => [channel.kind, channel])),
    clock,
    log: createLog('info', (line) => void lines.push(line)),
    metrics: createMetrics(),
    publicUrl: PUBLIC_URL,
    identity: identityFor({ store, clock, publicUrl: PUBLIC_URL }, options.identity),
    sendTimeout: Temporal.Duration.from({ seconds: 5 }),
    planned: () => void woken.push('planned'),
    hinted: () => void woken.push('hinted'),
    answered: () => void woken.push('answered'),
    announced,
    webhooks: webhookTransport({ allowPrivate: true }),
    loops: { last: () => options.loops ?? [] },
  }
  const feed = createFeed(deps)
  const ingest = createIngest({ ...deps, feed })
  const stoppages = createStoppages(deps)
  const dispatch = createDispatch({ ...deps, stoppages, retries: seconds(30, 120) })
  const asking = createAsking(deps)
  const writeBacks = createWriteBacks({ ...deps, retries: seconds(5, 30) })
  const replanning = createReplanning({ ...deps, zoneData: '2026a', clinics: [settings.clinic.id] })
  const clinics = [settings.clinic.id]
  const webhooks = createWebhooks({ ...deps, transport: deps.webhooks, feed })
  const alarms = createAlarms({ ...deps, clinics, feed, ...(options.machine && { machine: options.machine }) })
  // what nobody asks is not made: it is a third of all this
  const routes = once(() =>
    allRoutes({
      ...deps,
      alarms,
      erase: () => void woken.push('erase'),
      clinics: [settings.clinic.id],
      ingest,
      feed,
      stoppages,
      isServing: options.isServing ?? (() => true),
      changed: () => void woken.push('changed'),
      ...(options.workbench && { workbench: options.workbench }),
    }),
  )
  const apiToken = 'apiToken' in options ? options.apiToken : API_TOKEN
  const apiTokens = apiToken === undefined ? [] : [{ name: 'apiToken', role: 'operator' as const, token: apiToken }, ...staffTokens]
  const made = once(() =>
    createApp({
      routes: routes(),
      apiTokens,
      console: consoleOf(settings),
      log: deps.log,
      ...(options.limits && { limits: options.limits }),
    }),
  )
  const app: Pick<Hono, 'request' | 'fetch'> = {
    request: (...asked) => made().request(...asked),
    fetch: (...asked) => made().fetch(...asked),
  }
  const going = new AbortController().signal

  return {
    ...deps,
    ...breaker,
    path,
    settings,
    ehr,
    sms,
    email,
    ingest,
    feed,
    dispatch,
    alarms,
    stoppages,
    writeBacks,
    routes,
    app,
    lines,
    woken,
    /** The EHR says something of an appointment. */
    hear: (change: AppointmentChange) => ingest.receive(ehr.envelope({ kind: 'changes', changes: [change] })),
    read: <T>(work: (tx: Transaction) => Promise<T>) => store.read(work),
    /** Sends all that is due. */
    send: async (signal: AbortSignal = going) => void (await dispatch.step(signal)),
    /** Asks the providers about all attempts that are due to be asked about. */
    ask: async () => void (await asking.step(going)),
    /** Tells other systems what is due to be told. */
    tell: async () => void (await webhooks.step(going)),
    /** Brings all answers that are due to the EHR. */
    bring: async () => void (await writeBacks.step(going)),
    /** Asks the EHR about all hints that are due. */
    readBack: async (signal: AbortSignal = going) => void (await ingest.readBack.step(signal)),
    appointment: (id = 'tilleuls:A1') => store.read((tx) => tx.appointments.find(id)),
    notifications: (id = 'tilleuls:A1') => store.read((tx) => tx.notifications.ofAppointment(id)),
    answers: (id = 'tilleuls:A1') => store.read((tx) => tx.writeBacks.ofAppointment(id)),
    /** `kind channel: state reason`, in order of the alphabet. */
    outcomes: async (id = 'tilleuls:A1') => (await store.read((tx) => tx.notifications.ofAppointment(id))).map(sayNotification).sort(),
    /** The token of the last message's link. */
    lastToken: () => tokenIn([...sms.sent, ...email.sent].map((message) => message.words.action.url).at(-1)),
    get: (route: string, headers: Record<string, string> = {}) => app.request(route, { headers }),
    post: (route: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      app.request(route, { method: 'POST', body: new URLSearchParams(fields), headers }),
    /** What the form of a patient's page says it answers to. */
    async basisShown(token: string): Promise<string> {
      const page = await (await app.request(`/${token}`)).text()
      const basis = /name="basis" value="([^"]+)"/.exec(page)?.[1]
      if (!basis) throw new Error('the page has no form')
      return basis
    },
    /** Plans again what is ahead, to the end. */
    async replan(signal: AbortSignal = going): Promise<void> {
      while (await replanning.step(signal)) if (signal.aborted) return
    },
    /** Somebody of a role calls the API; a body is JSON unless it is a text. */
    call(role: Role, request: string, body?: unknown, headers: Record<string, string> = {}) {
      const [method = 'GET', route = '/'] = request.split(' ')
      return app.request(route, {
        method,
        headers: { authorization: `Bearer ${tokenOf(role)}`, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    api: (route: string, method = 'GET') => app.request(route, { method, headers: { authorization: `Bearer ${API_TOKEN}` } }),
    /** Every row of every table, as text. */
    dump: () => dump(path),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

export type Rappel = Awaited<ReturnType<typeof openRappel>>

function sourceOf(connectorId: string, { clinic }: Settings, { cancelDebounce = 'PT0S', maxEventAge }: RappelOptions) {
  return {
    connectorId,
    clinicId: clinic.id,
    zone: clinic.zone,
    cancelDebounce: Temporal.Duration.from(cancelDebounce),
    ...(maxEventAge !== undefined && { maxEventAge: Temporal.Duration.from(maxEventAge) }),
  }
}

function sayNotification({ kind, channel, state, reason }: Notification): string {
  return `${kind} ${channel}: ${[state, reason].filter(Boolean).join(' ')}`
}

export function tokenIn(url: string | undefined): string {
  const found = /^https:\/\/rdv\.example\/([A-Za-z0-9_-]{22})$/.exec(url ?? '')?.[1]
  if (!found) throw new Error(`no link: ${url}`)
  return found
}

/** The same store, which a test can make fail as a full disk does, or spoil one noun of. */
function breakable(sqlite: Store) {
  let failing = 0
  let spoil: ((tx: Transaction) => Transaction) | undefined
  const store: Store = {
    ...sqlite,
    transact: (work) => {
      if (failing > 0) {
        failing -= 1
        return Promise.reject(new StoreUnavailable('disk full'))
      }
      return sqlite.transact((tx) => work(spoil?.(tx) ?? tx))
    },
    check: () => (failing > 0 ? Promise.reject(new StoreUnavailable('disk full')) : sqlite.check()),
  }
  return {
    store,
    /** So many commits fail from now on. */
    failCommits: (count: number) => {
      failing = count
    },
    /** Every transaction from now on sees this instead; undefined: the truth again. */
    spoil: (change: ((tx: Transaction) => Transaction) | undefined) => {
      spoil = change
    },
  }
}

async function dump(path: string): Promise<string> {
  const connection = await connect({ path, readonly: true })
  try {
    const tables = connection.query("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
    return tables
      .map(({ name }) => {
        const rows = connection.query(`select * from "${String(name)}"`)
        return [name, ...rows.map((row) => JSON.stringify(row, bytesAsHex))].join('\n')
      })
      .join('\n')
  } finally {
    connection.close()
  }
}

function bytesAsHex(_key: string, value: unknown): unknown {
  return value instanceof ArrayBuffer || value instanceof Uint8Array ? Buffer.from(value as Uint8Array).toString('hex') : value
}
