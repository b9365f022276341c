import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import { startLoop } from '../../src/server/loop.ts'
import { createDispatch } from '../../src/server/sending/dispatch.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import type { Store, Transaction } from '../../src/store/store.ts'
import { type Breakage, brokenProgram } from './nodes/broken-program.ts'
import { aCluster, type Cluster } from './nodes/cluster.ts'
import { costsOf } from './nodes/costs.ts'
import { aServer, missingPostgres } from './nodes/database.ts'
import { judge } from './nodes/judge.ts'
import { noAnswers } from './nodes/patients.ts'
import { missingPython, type Peers, startPeers } from './nodes/peers.ts'
import { makings, seedDue } from './nodes/seeded.ts'
import { type Figure, none, prove, type Run } from './proof.ts'

/** What three nodes on one database sent, by the provider's account. */
async function sentByThree(due: number, broken: (store: Store) => Store = (store) => store) {
  const server = await aServer()
  const database = await server.create()
  const stores = await Promise.all([1, 2, 3].map(() => openPostgres({ url: server.addressOf(database), poolSize: 3 })))
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))))
  await seedDue(stores[0] as Store, server, database, due)
  const taken: string[][] = stores.map(() => [])
  const going = new AbortController().signal
  const costs = await costsOf({ server, name: database })
  const begun = performance.now()
  const processor = process.cpuUsage()
  const most = Math.ceil(due / 10)
  await Promise.all(
    stores.map(async (store, node) => {
      const channel = providerOf((id) => void taken[node]?.push(id))
      const dispatch = createDispatch({ ...makings(broken(store)), channels: new Map([['sms', channel]]) })
      for (let steps = 0; steps < most && (await dispatch.step(going)); steps += 1);
    }),
  )
  const seconds = (performance.now() - begun) / 1_000
  const { user, system } = process.cpuUsage(processor)
  return {
    all: taken.flat(),
    each: taken.map(({ length }) => length),
    seconds,
    processorMs: (user + system) / 1_000,
    ...(await costs.end()),
  }
}

/** A node whose LISTEN leads nowhere looks by itself, once a minute. */
async function foundWithoutListening(): Promise<number> {
  const server = await aServer()
  const database = await server.create()
  const [deaf, other] = await Promise.all([1, 2].map(() => openPostgres({ url: server.addressOf(database), poolSize: 3 })))
  if (!deaf || !other) throw new Error('two nodes')
  onTestFinished(async () => void (await Promise.all([deaf.close(), other.close()])))
  const taken = new Set<string>()
  const deps = makings(deaf)
  const channels = new Map([['sms' as const, providerOf((id) => void taken.add(id))]])
  const stopping = new AbortController()
  const loop = startLoop(createDispatch({ ...deps, channels }), deps, stopping.signal)
  await deps.clock.sleeping(1)
  const due = 200
  await seedDue(other, server, database, due)
  other.cluster?.hint('dispatch')
  // the minute passes; batches follow each other, and what another look is needed for gets one
  await expect
    .poll(
      () => {
        deps.clock.advance({ seconds: 60 })
        return taken.size
      },
      { timeout: 120_000, interval: 250 },
    )
    .toBe(due)
  stopping.abort()
  await loop.done
  return due
}

function providerOf(take: (notificationId: string) => void): Channel {
  let count = 0
  return {
    kind: 'sms',
    async send({ notificationId }) {
      take(notificationId)
      count += 1
      return { kind: 'accepted', providerId: String(count) }
    },
  }
}

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`

async function eachOnce(due: number): Promise<Figure> {
  const { all, each, seconds, processorMs, headShare, walBytes } = await sentByThree(due)
  expect(new Set(all).size, 'what was due was sent').toBe(due)
  expect(all.length, 'and nothing twice').toBe(due)
  return {
    figure: `${due} due in 200 clinics, 3 nodes sent ${each.join(' + ')}, each once, ${Math.round(due / seconds)} a second; ${(processorMs / due).toFixed(1)} ms of processor and ${kib(walBytes / due)} of log each; writers waited for the end of the audit chain ${(100 * headShare).toFixed(0)} % of the time`,
  }
}

/** A database that stops as if its power went, again and again; and one that is there and says nothing. */
async function stopAgain(run: Run, { stops, broken }: { readonly stops: number; readonly broken?: Breakage }) {
  const peers = await startPeers(20)
  // what is only in memory is written out rarely: where a program does not wait for it, it is lost
  const server = await aServer(['wal_writer_delay=10s'])
  const database = await server.create()
  const entry = broken && { entry: await brokenProgram(peers.folder, broken) }
  const cluster = await aCluster({ folder: peers.folder, server, database, ports: peers.ports, ...entry })
  for (let count = 0; count < 2; count += 1) await cluster.start()
  // what the nodes began with is kept, whatever they wait for: a clinic whose settings are gone acknowledges nothing
  await server.query(database, 'checkpoint')
  cluster.mllp.delay(20)
  const more = (least: number) => expect.poll(() => peers.acked().length, { timeout: 120_000, interval: 20 }).toBeGreaterThanOrEqual(least)
  const recovery = async () => {
    const begun = performance.now()
    await more(peers.acked().length + 1)
    return (performance.now() - begun) / 1_000
  }
  const restarts: number[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    const before = peers.acked().length
    const sending = peers.send(cluster.mllp.port, 60, 8, (run.seed + stop) % 1_000)
    await more(before + 10 + ((run.seed + 7 * stop) % 20))
    await server.stop()
    await server.launch()
    restarts.push(await recovery())
    await sending
  }
  const halfOpen = broken ? 0 : await silent(peers, cluster, more, recovery, run.seed)
  const store = await openPostgres({ url: server.addressOf(database), poolSize: 3 })
  const { faults } = await judge({ peers, server, database }, store, noAnswers, new Set())
  await store.close()
  return { faults: [...cluster.fallen, ...faults], restarts, halfOpen, acked: peers.acked().length }
}

/** Longer than a statement may take. */
const silence = 15_000

async function silent(
  peers: Peers,
  cluster: Cluster,
  more: (least: number) => Promise<void>,
  recovery: () => Promise<number>,
  seed: number,
): Promise<number> {
  const before = peers.acked().length
  const sending = peers.send(cluster.mllp.port, 60, 8, seed % 1_000)
  await more(before + 10)
  for (const { wire } of cluster.up) wire.freeze()
  await wait(silence)
  for (const { wire } of cluster.up) wire.thaw()
  const seconds = await recovery()
  await sending
  return seconds
}

/** Commits are acknowledged before they are on disk. */
const hasty: Breakage = {
  file: 'store/postgres/connection.js',
  changes: [
    ['synchronous_commit=on', 'synchronous_commit=off'],
    ["found.commits !== 'on'", "found.commits !== 'off'"],
  ],
}

prove({
  id: 'R16',
  promise: 'a database that restarts, or falls silent, costs time and nothing else',
  async run(run) {
    const stops = run.of({ landing: 10, long: 50 })
    const { faults, restarts, halfOpen, acked } = await stopAgain(run, { stops })
    none(faults)
    const found = await foundWithoutListening()
    const slowest = Math.max(...restarts, halfOpen)
    const figure = `${stops} immediate stops, ${acked} SIU acknowledged, 0 lost, acknowledged again after at most ${Math.max(...restarts).toFixed(1)} s; ${silence / 1_000} s of silence, and ${halfOpen.toFixed(1)} s after it; ${found} due found by a node that hears no LISTEN`
    return slowest > 10 ? { figure, short: 'being back in 10 s' } : { figure }
  },
  async control(run) {
    let lost: readonly string[] = []
    // all may happen to be on disk when it stops
    for (let time = 0; time < 5 && lost.length === 0; time += 1) {
      const { faults } = await stopAgain(run, { stops: 2, broken: hasty })
      lost = faults.filter((fault) => fault.startsWith('R1'))
    }
    expect(lost).not.toEqual([])
    return `synchronous_commit=off: ${lost.length} acknowledged changes are gone, the first ${lost[0]}`
  },
  missing: () => missingPostgres() ?? missingPython(),
  timeoutMs: { landing: 600_000, long: 3_600_000 },
})

prove({
  id: 'R5',
  promise: 'one notification for each key, however many nodes look for what is due',
  run: (run) => eachOnce(run.of({ landing: 1_000, long: 10_000 })),
  async control() {
    const seen = (tx: Transaction): Transaction => ({
      ...tx,
      notifications: {
        ...tx.notifications,
        take: tx.notifications.due,
        async find(id) {
          const found = await tx.notifications.find(id)
          return found && { ...found, state: 'planned', attempts: 0 }
        },
      },
    })
    const { all } = await sentByThree(120, (store) => ({ ...store, transact: (work) => store.transact((tx) => work(seen(tx))) }))
    const twice = all.length - new Set(all).size
    expect(twice).toBeGreaterThan(0)
    return `nodes that go by what they saw as due: ${twice} of 120 were sent again`
  },
  missing: missingPostgres,
  timeoutMs: { landing: 400_000, long: 3_600_000 },
})
