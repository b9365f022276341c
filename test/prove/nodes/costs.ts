import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './troubles.ts'

interface Costs {
  /** Of the time that writing sessions had, how much they waited for the end of the audit chain, which is one for all nodes. */
  readonly headShare: number
  /** Written to the log of the database, which is flushed at each commit. */
  readonly walBytes: number
  /** By which the database grew. */
  readonly grownBytes: number
}

const every = 50

/** Looks over the database's shoulder until it is told to end. */
export async function costsOf({ server, name }: Database): Promise<{ end(): Promise<Costs> }> {
  const sizes = async () => {
    const [row] = await server.query(
      name,
      "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal, pg_database_size(current_database())::float8 as size",
    )
    return { wal: Number(row?.wal), size: Number(row?.size) }
  }
  const before = await sizes()
  let going = true
  const seen = { sessions: 0, waiting: 0 }
  const looking = (async () => {
    while (going) {
      // a stop of the database is no answer
      const [row] = await server
        .query(
          name,
          `select count(*)::int as sessions, count(*) filter (where wait_event_type = 'Lock' and query like '%audit_head%')::int as waiting
          from pg_stat_activity where application_name = 'rappel writer' and datname = current_database()`,
        )
        .catch(() => [])
      seen.sessions += Number(row?.sessions ?? 0)
      seen.waiting += Number(row?.waiting ?? 0)
      await wait(every)
    }
  })()
  return {
    async end() {
      going = false
      await looking
      const after = await sizes()
      return {
        headShare: seen.waiting / Math.max(1, seen.sessions),
        walBytes: after.wal - before.wal,
        grownBytes: after.size - before.size,
      }
    },
  }
}
