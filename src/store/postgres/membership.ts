import { randomUUID } from 'node:crypto'
import type { Cluster } from '../store.ts'
import type { PostgresConnection } from './connection.ts'
import { databaseNow } from './connection.ts'

export interface Membership {
  /** Joins again where this node was taken for dead. */
  node(): Promise<Node>
  /** Its lease ran out: what it has under way is no longer its own. */
  lapsed(id: string): void
  /** Tries to get the lease, or to keep it; undefined: another node has it. */
  claim(name: string): Promise<Held | undefined>
  /** Of a lease that was claimed, and kept since. */
  held(name: string): Held | undefined
  presence: Cluster['presence']
  hint: Cluster['hint']
  onHint: Cluster['onHint']
  /** Gives up all leases, so that nobody waits for them to run out. */
  leave(): Promise<void>
}

export interface Node {
  readonly id: string
  /** Of its lease. */
  readonly name: string
}

export interface Held {
  readonly holder: string
  readonly fence: number
  /** Of the monotonic clock, in milliseconds: after it nobody may count on the lease without asking. */
  readonly until: number
}

export interface MembershipOptions {
  /** A session of its own. */
  readonly connect: () => Promise<PostgresConnection>
  /** How long a node that says nothing keeps what it holds, in milliseconds. */
  readonly lease: number
}

const channel = 'rappel'
/** To whoever listens: something may be due everywhere. */
const everything = '*'
const betweenHints = 200

/**
 * A node is alive as long as its lease is; it renews all it holds at once, by the database's clock. A node that comes too late (it stood still, its network was
 * gone) is another one from then on: what it held may be in other hands.
 */
export function createMembership({ connect, lease }: MembershipOptions): Membership {
  const microseconds = lease * 1_000
  const beat = lease / 4
  const held = new Map<string, Held>()
  const listeners: ((topic: string) => void)[] = []
  const hinted = new Map<string, NodeJS.Timeout>()
  let session: Promise<PostgresConnection> | undefined
  let joined: Promise<Node> | undefined
  let left = false
  let timer: NodeJS.Timeout | undefined

  function open(): Promise<PostgresConnection> {
    session ??= connectAndListen().catch((error: unknown) => {
      session = undefined
      throw error
    })
    return session
  }

  async function connectAndListen(): Promise<PostgresConnection> {
    const connection = await connect()
    connection.onNotice(hear)
    await connection.script(`listen ${channel}`)
    // whatever was said meanwhile was not heard
    tell(everything)
    return connection
  }

  async function usable(): Promise<PostgresConnection> {
    const connection = await open()
    if (!connection.isLost()) return connection
    session = undefined
    return open()
  }

  function hear(text: string): void {
    const [from, topic = ''] = text.split(' ', 2)
    if (from !== own?.id) tell(topic)
  }

  function tell(topic: string): void {
    for (const heard of listeners) heard(topic)
  }

  let own: Node | undefined

  async function join(): Promise<Node> {
    const id = randomUUID()
    const node = { id, name: `node:${id}` }
    held.clear()
    await take(node.name, id)
    await (await usable()).query("insert into commits (node, token) values ($1, '')", [id])
    own = node
    return node
  }

  /** A lease changes hands only once it has run out; its fence grows when it does. */
  async function take(name: string, holder: string): Promise<Held | undefined> {
    const askedAt = performance.now()
    const [row] = await (await usable()).query(
      `insert into leases as kept (name, holder, fence, expires_at) values ($1, $2, 1, ${databaseNow} + $3)
      on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
        fence = kept.fence + case when kept.holder = excluded.holder and kept.expires_at > ${databaseNow} then 0 else 1 end
      where kept.holder = excluded.holder or kept.expires_at <= ${databaseNow}
      returning fence`,
      [name, holder, microseconds],
    )
    if (!row) return undefined
    const lease = heldFrom(askedAt, holder, Number(row.fence), microseconds)
    held.set(name, lease)
    return lease
  }

  /** Rows that a commit under way holds fast are left to the next time. */
  async function renew(node: Node): Promise<void> {
    const connection = await usable()
    const askedAt = performance.now()
    await connection.query(
      `update leases set expires_at = ${databaseNow} + $2
      where name in (select name from leases where holder = $1 and expires_at > ${databaseNow} for no key update skip locked)`,
      [node.id, microseconds],
    )
    const rows = await connection.query(
      `select name, fence, expires_at - ${databaseNow} as left from leases where holder = $1 and expires_at > ${databaseNow}`,
      [node.id],
    )
    held.clear()
    for (const { name, fence, left } of rows) held.set(String(name), heldFrom(askedAt, node.id, Number(fence), Number(left)))
    if (!held.has(node.name)) lapsed(node.id)
    await lookForTheDead(connection)
  }

  /** Whoever finds one first tells the others: what it had in hand may be taken over. */
  async function lookForTheDead(connection: PostgresConnection): Promise<void> {
    const dead = await connection.query(
      `with dead as (delete from leases where name like 'node:%' and expires_at < ${databaseNow} returning name),
        forgotten as (delete from commits where 'node:' || node in (select name from dead))
      select name from dead`,
    )
    if (dead.length === 0) return
    tell(everything)
    await notify(connection, everything)
  }

  function notify(connection: PostgresConnection, topic: string): Promise<unknown> {
    return connection.query('select pg_notify($1, $2)', [channel, `${own?.id ?? ''} ${topic}`])
  }

  function lapsed(id: string): void {
    if (own?.id !== id) return
    own = undefined
    joined = undefined
    held.clear()
  }

  function node(): Promise<Node> {
    joined ??= join().catch((error: unknown) => {
      joined = undefined
      throw error
    })
    return joined
  }

  function schedule(): void {
    if (left) return
    timer = setTimeout(() => {
      void node()
        .then(renew)
        // the database is away: the next beat finds it back, or the leases run out
        .catch(() => undefined)
        .then(schedule)
    }, beat)
    timer.unref()
  }
  schedule()

  async function resign(connection: PostgresConnection, { id }: Node): Promise<void> {
    await connection.query('with forgotten as (delete from commits where node = $1) delete from leases where holder = $1', [id])
    await notify(connection, everything)
  }

  return {
    node,
    lapsed,
    async claim(name) {
      const known = held.get(name)
      if (known && performance.now() < known.until) return known
      return take(name, (await node()).id)
    },
    held(name) {
      const lease = held.get(name)
      return lease && performance.now() < lease.until ? lease : undefined
    },
    presence() {
      const node = own
      return {
        lasts() {
          const lease = node && own?.id === node.id ? held.get(node.name) : undefined
          return lease !== undefined && performance.now() < lease.until
        },
      }
    },
    hint(topic) {
      if (hinted.has(topic) || left) return
      const later = setTimeout(() => {
        hinted.delete(topic)
        void usable()
          .then((connection) => notify(connection, topic))
          // only a hint
          .catch(() => undefined)
      }, betweenHints)
      later.unref()
      hinted.set(topic, later)
    },
    onHint: (heard) => void listeners.push(heard),
    async leave() {
      left = true
      clearTimeout(timer)
      for (const later of hinted.values()) clearTimeout(later)
      const connection = await session?.catch(() => undefined)
      if (!connection) return
      if (own && !connection.isLost()) await resign(connection, own).catch(() => undefined)
      await connection.close()
    },
  }
}

/** Its time runs from before the question was asked: the answer may have been long under way. */
function heldFrom(askedAt: number, holder: string, fence: number, microseconds: number): Held {
  return { holder, fence, until: askedAt + microseconds / 1_000 }
}
