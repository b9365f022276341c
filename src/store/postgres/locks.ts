import { createHash } from 'node:crypto'
import type { PostgresConnection } from './connection.ts'

/** The locks of one group: each is held until its commit, so that no other node sees what it guards before that. */
export interface Locks {
  /** Resolves once it is held; rejects with `Contended` when another node has it. */
  hold(name: string): Promise<void>
  /** As `hold`, but of what the work has looked at already without it: unless it was held from the beginning, the work is run again with it. */
  holdFromTheBeginning(name: string): Promise<void>
  /** What the work needs that another node has, with all it had so far; undefined: it got what it asked for. */
  contended(): readonly string[] | undefined
  mark(): number
  /** A savepoint was undone, and the locks since then with it. */
  backTo(mark: number): void
}

/** Not for callers: the group runs the work again, with all its locks from the beginning. */
class Contended extends Error {
  override readonly name = 'Contended'
}

/**
 * Nobody ever waits for a lock while holding another: the first is waited for, and the rest are only tried. A work that fails to get one begins anew with
 * all that it is known to need, in the order of their names. So two nodes cannot wait for each other.
 */
export function createLocks(connection: PostgresConnection, begunWith: readonly string[]): Locks {
  let held = [...begunWith]
  let missing: readonly string[] | undefined
  let last: Promise<void> = Promise.resolve()

  async function take(name: string): Promise<void> {
    if (missing) throw new Contended('another node is at it')
    if (held.includes(name)) return
    if (held.length === 0) await lockAll(connection, [name])
    else {
      const [row] = await connection.query('select pg_try_advisory_xact_lock($1::bigint) as got', [keyOf(name)])
      if (row?.got !== true) {
        missing = [...held, name].sort()
        throw new Contended('another node is at it')
      }
    }
    held.push(name)
  }

  return {
    hold(name) {
      const mine = last.then(() => take(name))
      last = mine.catch(() => undefined)
      return mine
    },
    async holdFromTheBeginning(name) {
      if (begunWith.includes(name)) return
      missing = [...held.filter((each) => each !== name), name].sort()
      throw new Contended('it was looked at before it was held')
    },
    contended() {
      const found = missing
      missing = undefined
      return found
    },
    mark: () => held.length,
    backTo(mark) {
      held = held.slice(0, mark)
    },
  }
}

/** In the order of their keys, waiting for each. */
export async function lockAll(connection: PostgresConnection, names: readonly string[]): Promise<void> {
  const keys = names.map(keyOf).sort()
  for (const key of keys) await connection.query('select pg_advisory_xact_lock($1::bigint)', [key])
}

/** Two names with one key wait for each other needlessly, and that is all. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE(0).toString()
}
