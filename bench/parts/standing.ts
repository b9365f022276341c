import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, serveRappel } from '../mllp.ts'
import { atMost, figureOf, type Row } from '../row.ts'
import type { Context, Part } from './context.ts'

const connections = 2_000
/** Until what the start has left over is collected. */
const settledMs = 5_000

/** Resident, of the process, in MB. */
function megabytesOf({ pid }: ChildProcess): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)
  return Number(line?.[1]) / 1024
}

interface Stood {
  readonly readyMs: number
  readonly idle: number
  /** Of each idle connection, in KB. */
  readonly connection?: number
}

async function stand(context: Context, store: string | undefined, idleConnections: number): Promise<Stood> {
  const folder = context.bench.newFolder()
  const port = await freePort()
  const begun = performance.now()
  const { server } = await serveRappel(folder, `{ path: ${store ?? join(folder, 'rappel.db')} }`, [port])
  const readyMs = performance.now() - begun
  const sockets: Socket[] = []
  try {
    await wait(settledMs)
    const idle = megabytesOf(server)
    for (let index = 0; index < idleConnections; index += 1) {
      const socket = createConnection(port, '127.0.0.1')
        .resume()
        .on('error', () => undefined)
      await once(socket, 'connect')
      sockets.push(socket)
    }
    if (idleConnections === 0) return { readyMs, idle }
    await wait(settledMs)
    if (sockets.some(({ destroyed, readableEnded }) => destroyed || readableEnded)) throw new Error('not all connections were kept')
    return { readyMs, idle, connection: ((megabytesOf(server) - idle) * 1024) / idleConnections }
  } finally {
    for (const socket of sockets) socket.destroy()
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

const needsStore = 'with 1,000,000 appointments: say --store FILE, made by npm run seed'

export const standing: Part = {
  ids: ['P10', 'P11'],
  async measure(context, wanted) {
    const empty: Stood[] = []
    for (let round = 0; round < context.rounds; round += 1) {
      context.say(`start, round ${round + 1}`)
      empty.push(await stand(context, undefined, wanted.has('P10') && round === 0 ? connections : 0))
    }
    const full = context.store === undefined ? undefined : await stand(context, context.store, 0)
    const ready = figureOf('ready, empty store', 'ms', empty.map((each) => Math.round(each.readyMs))) // biome-ignore format: one line
    const idle = figureOf('idle, empty store', 'MB', empty.map((each) => Math.round(each.idle))) // biome-ignore format: one line
    const missing = full ? [] : [needsStore]
    const memory: Row = {
      id: 'P10',
      work: 'memory of the service with nothing to do',
      figures: [
        idle,
        ...(full ? [figureOf('idle, 1,000,000 appointments', 'MB', [Math.round(full.idle)])] : []),
        ...empty.flatMap(({ connection }) => (connection === undefined ? [] : [figureOf('an idle connection', 'KB', [connection])])),
      ],
      verdicts: [
        atMost('idle', idle.value, 150, 'MB'),
        ...(full ? [atMost('1,000,000 appointments', full.idle, 300, 'MB')] : []),
        ...empty.flatMap(({ connection }) => (connection === undefined ? [] : [atMost('a connection', connection, 20, 'KB')])),
      ],
      missing,
    }
    const start: Row = {
      id: 'P11',
      work: 'from the start of the process until it listens and serves',
      figures: [ready, ...(full ? [figureOf('ready, 1,000,000 appointments', 'ms', [Math.round(full.readyMs)])] : [])],
      verdicts: [atMost('empty', ready.value, 1000, 'ms'), ...(full ? [atMost('1,000,000 appointments', full.readyMs, 2000, 'ms')] : [])],
      missing,
    }
    return [memory, start].filter(({ id }) => wanted.has(id))
  },
}
