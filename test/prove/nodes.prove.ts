import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { openPostgres } from '../../src/store/postgres.ts'
import { type Breakage, brokenProgram } from './nodes/broken-program.ts'
import { aCluster } from './nodes/cluster.ts'
import { costsOf } from './nodes/costs.ts'
import { aServer, missingPostgres } from './nodes/database.ts'
import { type Fleet, judge } from './nodes/judge.ts'
import { noAnswers, startPatients } from './nodes/patients.ts'
import { missingPython, startPeers } from './nodes/peers.ts'
import { standStill, takeoverOf } from './nodes/troubles.ts'
import { type Figure, none, prove, type Run } from './proof.ts'

/** Milliseconds of the way to the nodes, which is also what paces the sender: it waits for each acknowledgement. */
const way = 100
const connections = 8

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`

interface Sizes {
  readonly messages: number
  readonly kills: number
  readonly betweenKills: number
  readonly pauses: number
}

async function fleetOf(run: Run, nodes: number, { lease, broken }: { readonly lease?: string; readonly broken?: Breakage } = {}) {
  const peers = await startPeers(150)
  const server = await aServer()
  const database = await server.create()
  const cluster = await aCluster({
    folder: peers.folder,
    server,
    database,
    ports: peers.ports,
    ...(lease !== undefined && { lease }),
    ...(broken && { entry: await brokenProgram(peers.folder, broken) }),
  })
  for (let count = 0; count < nodes; count += 1) await cluster.start()
  const home = await peers.startEhr(cluster.web.port, 0.5, run.seed % 1_000)
  return { peers, server, database, cluster, home, where: { server, name: database } }
}

/** Until nothing is under way any more, by the database's word. */
async function settled({ server, database }: Fleet): Promise<void> {
  const open = async () => {
    const [row] = await server.query(
      database,
      `select (select count(*) from notifications where state in ('sending') or pending_at is not null)::int as messages,
        (select count(*) from write_backs where pending_at is not null)::int as answers,
        (select count(*) from inbox where pending_at is not null)::int as hints`,
    )
    return Number(row?.messages) + Number(row?.answers) + Number(row?.hints)
  }
  await expect.poll(open, { timeout: 240_000, interval: 1_000 }).toBe(0)
}

async function killInTurn(run: Run, { messages, kills, betweenKills, pauses }: Sizes): Promise<Figure> {
  const fleet = await fleetOf(run, 3)
  const { peers, cluster, where } = fleet
  cluster.mllp.delay(way)
  const costs = await costsOf(where)
  const sending = peers.send(cluster.mllp.port, messages, connections, run.seed % 1_000)
  const patients = startPatients(peers.taken, cluster.web.port, 8)
  const takeovers: Promise<number>[] = []
  const late = new Set<string>()
  for (let round = 0; round < kills; round += 1) {
    await wait(betweenKills)
    const oldest = cluster.up[0]
    if (!oldest) throw new Error('no node is up')
    if (round % Math.ceil(kills / pauses) === 1) {
      for (const id of await standStill(cluster, oldest, where, peers.taken)) late.add(id)
    } else {
      await cluster.kill(oldest)
      takeovers.push(takeoverOf(oldest, where))
      const newest = await cluster.start()
      // every other one is in another data centre than its database
      newest.wire.delay(round % 2 === 0 ? 1 : 0)
    }
  }
  await sending
  await fleet.home()
  await patients.end()
  const slowest = Math.max(...(await Promise.all(takeovers)))
  await settled(fleet)
  const { headShare, walBytes, grownBytes } = await costs.end()
  const store = await openPostgres({ url: fleet.server.addressOf(fleet.database), poolSize: 3 })
  const { faults, figure } = await judge(fleet, store, patients, late)
  await store.close()
  none([...cluster.fallen, ...faults])
  const said = `${takeovers.length} kills, ${pauses} of a node stopped past its lease (${late.size} sends it had claimed, none made), ${figure}, the slowest takeover ${slowest.toFixed(0)} s; a SIU and all that followed took ${kib(grownBytes / messages)} of database and ${kib(walBytes / messages)} of log, writers waited for the audit's end ${(100 * headShare).toFixed(1)} % of the time`
  return slowest > 45 ? { figure: said, short: 'a takeover in 45 s' } : { figure: said }
}

/** Believes, once it wakes, that what it had claimed is still its own. */
const unfenced: Breakage = { file: 'server/sending/dispatch.js', changes: [['presence.lasts()', 'true']] }

async function wakesAndSends(run: Run): Promise<string> {
  const fleet = await fleetOf(run, 2, { lease: 'PT3S', broken: unfenced })
  const { peers, cluster, where } = fleet
  const sending = peers.send(cluster.mllp.port, 150, connections, run.seed % 1_000)
  const [first] = cluster.up
  if (!first) throw new Error('no node is up')
  const late = await standStill(cluster, first, where, peers.taken)
  await sending
  await fleet.home()
  await settled(fleet)
  const store = await openPostgres({ url: fleet.server.addressOf(fleet.database), poolSize: 3 })
  const { faults } = await judge(fleet, store, noAnswers, late)
  await store.close()
  expect(faults.filter((fault) => fault.startsWith('R15'))).not.toEqual([])
  return `a program that does not ask whether it is still alive: ${faults.length} of ${late.size} claimed texts left after its lease, the first ${faults[0]}`
}

prove({
  id: 'R15',
  promise: 'several nodes on one PostgreSQL: a dead one is taken over, one that wakes too late is refused',
  run: (run) =>
    killInTurn(
      run,
      run.of({
        landing: { messages: 1_500, kills: 8, betweenKills: 18_000, pauses: 1 },
        long: { messages: 2_500, kills: 28, betweenKills: 18_000, pauses: 4 },
      }),
    ),
  control: wakesAndSends,
  missing: () => missingPostgres() ?? missingPython(),
  timeoutMs: { landing: 900_000, long: 3_600_000 },
})
