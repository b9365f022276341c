import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Cluster, Node } from './cluster.ts'
import type { Server } from './database.ts'
import type { Taken } from './peers.ts'

export interface Database {
  readonly server: Server
  readonly name: string
}

/** How many seconds after its death nothing is a dead node's any more: no lease that keeps others out, and no attempt without an outcome. */
export async function takeoverOf(dead: Node, { server, name }: Database): Promise<number> {
  const begun = performance.now()
  const left = async () => {
    const [row] = await server.query(
      name,
      'select (select count(*) from leases where holder = $1 and expires_at > extract(epoch from clock_timestamp()) * 1000000)::int as leases, (select count(*) from attempts where node = $1 and finished_at is null)::int as attempts',
      [dead.id],
    )
    return Number(row?.leases) + Number(row?.attempts)
  }
  await expect.poll(left, { timeout: 180_000, interval: 500 }).toBe(0)
  return (performance.now() - begun) / 1_000
}

/** Attempts that a node has written down and not yet made: by the database's word, and the provider's that it never heard of them. */
async function notYetMade(node: Node, { server, name }: Database, taken: () => readonly Taken[]): Promise<ReadonlySet<string>> {
  const rows = await server.query(name, 'select id from attempts where node = $1 and finished_at is null', [node.id])
  const made = new Set(taken().map(attemptOf))
  return new Set(rows.map(({ id }) => String(id)).filter((id) => !made.has(id)))
}

export function attemptOf({ callback }: Taken): string {
  return new URL(callback).searchParams.get('attempt') ?? ''
}

/** In the words of every text that is written down before it is sent, and in nothing else that is. */
const anAttempt = '{link}'

/**
 * Stops a node just when the database has committed what it is about to send, so that it wakes believing that the sending is its own. Resolves, once it is
 * awake again, with those attempts, all of which others had settled before: it must make none of them.
 */
export async function standStill(
  cluster: Cluster,
  node: Node,
  database: Database,
  taken: () => readonly Taken[],
): Promise<ReadonlySet<string>> {
  for (;;) {
    await Promise.race([node.wire.holdAnswer(anAttempt, 'COMMIT'), node.process.ended])
    if (cluster.fallen.length > 0) throw new Error(cluster.fallen[0])
    const caught = await notYetMade(node, database, taken)
    // one whose request is under way to the provider is not to be had back
    await wait(1_500)
    const still = await notYetMade(node, database, taken)
    const certain = new Set([...caught].filter((id) => still.has(id)))
    if (certain.size === 0) {
      node.wire.thaw()
      continue
    }
    node.process.child.kill('SIGSTOP')
    node.wire.thaw()
    await takeoverOf(node, database)
    node.process.child.kill('SIGCONT')
    return certain
  }
}
