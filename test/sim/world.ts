import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { Channel } from '../../src/channels/channel.ts'
import type { Connector, Receipt } from '../../src/connectors/connector.ts'
import { confirmationBasis } from '../../src/core/appointment.ts'
import type { Envelope } from '../../src/core/envelope.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import { decideReply, type ReplyKind } from '../../src/core/reply.ts'
import type { Settings } from '../../src/core/settings.ts'
import { createIngest } from '../../src/server/intake/ingest.ts'
import { createLog } from '../../src/server/log.ts'
import type { Work } from '../../src/server/loop.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { createAsking } from '../../src/server/sending/asking.ts'
import { createDispatch } from '../../src/server/sending/dispatch.ts'
import { recoverAttempts } from '../../src/server/sending/outcome.ts'
import { takeReply } from '../../src/server/take-reply.ts'
import { createWriteBacks } from '../../src/server/write-back.ts'
import type { Store } from '../../src/store/store.ts'
import { openEmpty } from '../support/empty-store.ts'
import { type ManualClock, manualClock, memoryArchive } from '../support/fakes.ts'
import { type Life, life } from './crash.ts'
import { type ModelEhr, modelEhr } from './ehr.ts'
import { type ModelProvider, modelProvider, type Taken } from './provider.ts'
import { watchSends } from './watch.ts'

/** The service as it runs, between crashes. */
interface Running {
  readonly life: Life
  receive(envelope: Envelope): Promise<Receipt>
  readonly loops: Readonly<Record<'dispatch' | 'writeBack' | 'asking', Work>>
}

/** The whole service on a real store, an EHR and providers that keep their own account, and a clock moved by hand. */
export interface World {
  readonly clock: ManualClock
  /** Time passes, for us and for the EHR. */
  pass(duration: Temporal.DurationLike): void
  readonly ehr: ModelEhr
  readonly sms: ModelProvider
  readonly email: ModelProvider
  /** By both, in order. */
  readonly taken: readonly Taken[]
  readonly store: Store
  readonly settings: Settings
  /** What was seen that must never be. */
  readonly faults: string[]
  readonly crashes: () => number
  /** Sends the EHR's oldest word until it is acknowledged; one that is cut off stays to be sent again. */
  deliver(): Promise<void>
  /** A word that was said before, again. */
  repeat(index: number): Promise<void>
  /** One round of a loop. */
  turn(loop: keyof Running['loops']): Promise<void>
  reply(kind: ReplyKind, id: string): Promise<void>
  /** Ends this life at the so-manieth act of the next work. */
  cutAt(act: number, side: 'before' | 'after'): void
  close(): Promise<void>
}

export interface WorldOptions {
  readonly settings: Settings
  readonly now: string
  /** How much the EHR's clock is ahead of ours (R4). */
  readonly ehrIsOff?: Temporal.DurationLike
  readonly broken?: Broken
}

/** A variant that breaks a promise on purpose: what the service is given instead. */
export interface Broken {
  readonly store?: (store: Store) => Store
  readonly connector?: (connector: Connector) => Connector
  /** It forgets what was under way when it died. */
  readonly recovers?: false
}

const retries = ['PT30S', 'PT2M', 'PT10M', 'PT1H'].map((text) => Temporal.Duration.from(text))
const signal = new AbortController().signal

export async function openWorld({ settings, now, ehrIsOff = {}, broken = {} }: WorldOptions): Promise<World> {
  // in memory where the machine allows: a crash here is one of the program, not of the disk
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rappel-sim-'))
  const clock = manualClock(now)
  const store = await openEmpty({ path: join(folder, 'sim.db'), now: clock.now })
  await store.transact((tx) => tx.settings.save(settings, clock.now()))
  // what passes for everybody; our clock may be set, its own only passes
  let passed = Temporal.Instant.from(now)
  const ehr = modelEhr(() => passed.add(ehrIsOff))
  const [taken, faults]: [Taken[], string[]] = [[], []]
  const watch = watchSends(store, clock, settings, faults)
  const sms = modelProvider('sms', clock.now, taken, watch)
  const email = modelProvider('email', clock.now, taken, watch)
  const metrics = createMetrics()
  let crashes = 0
  let running = await start()

  async function start(): Promise<Running> {
    const own = life()
    const cut = cutStore(broken.store?.(store) ?? store, own)
    const deps = {
      store: cut,
      archive: memoryArchive(),
      connectors: new Map([['ehr', cutConnector(broken.connector?.(ehr.connector) ?? ehr.connector, own)]]),
      sources: new Map([
        [
          'ehr',
          { connectorId: 'ehr', clinicId: settings.clinic.id, zone: settings.clinic.zone, cancelDebounce: Temporal.Duration.from('PT0S') },
        ],
      ]),
      channels: new Map<ChannelKind, Channel>([
        ['sms', cutChannel(sms.channel, own)],
        ['email', cutChannel(email.channel, own)],
      ]),
      clock,
      log: createLog('error', (line) => void faults.push(line)),
      metrics,
      publicUrl: 'https://rdv.example',
      sendTimeout: Temporal.Duration.from('PT20S'),
      planned: () => {},
      hinted: () => {},
    }
    const ingest = createIngest(deps)
    if (broken.recovers !== false) await recoverAttempts({ ...deps, log: createLog('silent') })
    return {
      life: own,
      receive: ingest.receive,
      loops: {
        dispatch: createDispatch({ ...deps, retries }),
        writeBack: createWriteBacks({ ...deps, retries: [...retries, ...retries] }),
        asking: createAsking(deps),
      },
    }
  }

  /** Undefined: it was cut off, and another life has begun. */
  async function live<T>(act: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    const outcome = await Promise.race([act().then((value) => ({ value })), running.life.ended])
    if (outcome !== 'ended') return outcome
    crashes += 1
    // what the store had in hand when the process died is decided by then: kept whole, or not at all
    await store.transact(async () => undefined)
    running = await start()
    return undefined
  }

  return {
    clock,
    pass(duration) {
      passed = passed.add(duration)
      clock.advance(duration)
    },
    ehr,
    sms,
    email,
    taken,
    store,
    settings,
    faults,
    crashes: () => crashes,
    async deliver() {
      const [word] = ehr.outbox
      if (word && (await live(() => running.receive({ ...word, receivedAt: clock.now() })))) ehr.outbox.splice(ehr.outbox.indexOf(word), 1)
    },
    async repeat(index) {
      const word = ehr.said[index]
      // one that was never heard is no repetition
      if (word && !ehr.outbox.includes(word)) await live(() => running.receive({ ...word, receivedAt: clock.now() }))
    },
    turn: async (loop) => void (await live(() => running.loops[loop].step(signal))),
    reply: async (kind, id) =>
      void (await live(() => running.life.through(() => answer(store, settings, ehr.connector, kind, id, clock.now())))),
    cutAt: (act, side) => running.life.cutAt(act, side),
    async close() {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** As the patient's page does, whose basis is what it shows now. */
async function answer(
  store: Store,
  settings: Settings,
  { writes }: Connector,
  kind: ReplyKind,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  await store.transact(async (tx) => {
    const appointment = await tx.appointments.find(id)
    if (!appointment?.patientId) return
    const patient = await tx.patients.find(appointment.patientId)
    const told = await tx.told.find(id)
    const writeBacks = await tx.writeBacks.ofAppointment(id)
    const basis = confirmationBasis(appointment)
    const input = { kind, appointment, patientEhrId: patient?.ehrId ?? '', settings, ...(told && { told }), writeBacks, basis, writes, now }
    await takeReply(tx, { kind, appointment, decision: decideReply(input), by: 'page', now })
  })
}

function cutStore(store: Store, own: Life): Store {
  return { ...store, transact: (work) => own.through(() => store.transact(work)), read: (work) => own.through(() => store.read(work)) }
}

function cutConnector(connector: Connector, own: Life): Connector {
  return { ...connector, write: (request, given) => own.through(() => connector.write(request, given)) }
}

function cutChannel(channel: Channel, own: Life): Channel {
  const { find } = channel
  return {
    ...channel,
    send: (message, given) => own.through(() => channel.send(message, given)),
    ...(find && { find: (sought, given) => own.through(() => find(sought, given)) }),
  }
}
