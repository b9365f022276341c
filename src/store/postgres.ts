import { Temporal } from 'temporal-polyfill'
import { toMicroseconds } from './instant.ts'
import { migrations } from './migrate.ts'
import type { Address, PostgresConnection } from './postgres/connection.ts'
import { connectPostgres } from './postgres/connection.ts'
import { asPostgresUnavailable } from './postgres/errors.ts'
import { postgresGroups } from './postgres/group.ts'
import { leasesOf } from './postgres/leases.ts'
import { createLine } from './postgres/line.ts'
import { createMembership } from './postgres/membership.ts'
import { migratePostgres } from './postgres/migrate.ts'
import { nounsInHand, nounsOf } from './postgres/nouns.ts'
import { postgresReads } from './postgres/reads.ts'
import { probe, unprobe } from './probe.ts'
import type { SettingsCache } from './settings.ts'
import type { Store } from './store.ts'
import { unavailable } from './unavailable.ts'

export interface PostgresOptions extends Address {
  /** Sessions of this node at most: one that writes, one that keeps its leases, the rest read; 8 unless told, 3 at least. */
  readonly poolSize?: number
  readonly now?: () => Temporal.Instant
  /** How many works share one commit at most, and how long they are gathered; 50 and 25 ms unless told: of more than 64 savepoints PostgreSQL keeps the rest on disk. */
  readonly groupSize?: number
  readonly groupWindow?: Temporal.Duration
  /** A work that takes longer is undone alone and rejected; 10 s unless told. */
  readonly workTimeout?: Temporal.Duration
  /** After so long without a sign of life a node is taken for dead, and others do what it did; 20 s unless told. */
  readonly lease?: Temporal.Duration
  /** A lost connection is made anew for so long before what waits for it is refused; 8 s unless told. */
  readonly patience?: Temporal.Duration
}

const ms = (duration: Temporal.Duration | undefined, otherwise: number): number => duration?.total('milliseconds') ?? otherwise

/** One database for several nodes. Throws when it does not answer, was made by a newer program, or would not keep what it acknowledges. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const address: Address = { url: options.url, ...(options.tls && { tls: options.tls }) }
  const connect = (name: string) => connectPostgres(address, name)
  try {
    const first = await connect('writer')
    try {
      await migratePostgres(first, toMicroseconds((options.now ?? Temporal.Now.instant)()), migrations)
      await refuseHalfMoved(first)
    } catch (error) {
      await first.close()
      throw error
    }
    return postgresStore(connect, first, options)
  } catch (cause) {
    const known = asPostgresUnavailable(cause)
    throw new Error(`cannot open the store in PostgreSQL: ${known instanceof Error ? known.message : String(known)}`, { cause })
  }
}

/** What `rappel migrate` has begun and not ended is nobody's store. */
async function refuseHalfMoved(connection: PostgresConnection): Promise<void> {
  const rows = await connection.query('select 1 from moves where finished_at is null')
  if (rows.length > 0) throw new Error('it is being filled from another store, or that was broken off: run rappel migrate to its end')
}

function postgresStore(connect: (name: string) => Promise<PostgresConnection>, first: PostgresConnection, options: PostgresOptions): Store {
  const now = options.now ?? Temporal.Now.instant
  const workTimeout = ms(options.workTimeout, 10_000)
  const membership = createMembership({ connect: () => connect('leases'), lease: ms(options.lease, 20_000) })
  const line = createLine(() => connect('writer'), first, ms(options.patience, 8_000))
  const group = postgresGroups(line, membership, {
    size: options.groupSize ?? 50,
    window: ms(options.groupWindow, 25),
    workTimeout,
  })
  const reads = postgresReads(() => connect('reader'), Math.max(1, (options.poolSize ?? 8) - 2), workTimeout)
  const settings: SettingsCache = new Map()
  let closing: Promise<void> | undefined

  async function finish(): Promise<void> {
    await group.drain()
    await reads.close()
    await membership.leave()
    await line.close()
  }

  function refuseClosed(): void {
    if (closing) throw unavailable('it is closed')
  }

  return {
    async transact(work) {
      refuseClosed()
      return await group.run((hand) => work(nounsInHand(hand, settings)))
    },
    async read(work) {
      refuseClosed()
      return await reads.run((db) => work(nounsOf(db, settings)))
    },
    async check() {
      refuseClosed()
      const at = toMicroseconds(now())
      await group.run(async ({ db }) => {
        await probe(db, at)
        await unprobe(db)
      })
    },
    async scrub() {
      refuseClosed()
      const session = await connect('scrub')
      try {
        await session.script('set statement_timeout = 0')
        await session.script('vacuum')
      } finally {
        await session.close()
      }
    },
    cluster: leasesOf(membership, group, settings),
    close() {
      closing ??= finish()
      return closing
    },
  }
}
