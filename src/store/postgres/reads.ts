import type { Kysely } from 'kysely'
import { runScoped } from '../run-scoped.ts'
import type { Database } from '../schema.ts'
import type { PostgresConnection } from './connection.ts'
import { asPostgresUnavailable } from './errors.ts'

export interface PostgresReads {
  run<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>
  /** Waits for what runs, and closes the sessions. */
  close(): Promise<void>
}

/** So many at once, each in one snapshot that refuses every write. */
export function postgresReads(connect: () => Promise<PostgresConnection>, most: number, timeout: number): PostgresReads {
  const idle: PostgresConnection[] = []
  const queue: (() => void)[] = []
  const under = new Set<Promise<unknown>>()
  let open = 0

  async function acquire(): Promise<PostgresConnection> {
    while (open >= most && idle.length === 0) await new Promise<void>((resolve) => queue.push(resolve))
    for (let known = idle.pop(); known; known = idle.pop()) {
      if (!known.isLost()) return known
      open -= 1
    }
    open += 1
    try {
      return await connect()
    } catch (error) {
      open -= 1
      queue.shift()?.()
      throw error
    }
  }

  function release(connection: PostgresConnection): void {
    if (connection.isLost()) open -= 1
    else idle.push(connection)
    queue.shift()?.()
  }

  async function read<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
    let connection: PostgresConnection | undefined
    try {
      connection = await acquire()
      const session = connection
      await session.script('begin isolation level repeatable read read only')
      return await runScoped({ openScope: () => session.openScope() }, work, timeout)
    } catch (error) {
      throw asPostgresUnavailable(error)
    } finally {
      if (connection) {
        if (!connection.isLost()) await connection.script('rollback').catch(() => connection?.close())
        release(connection)
      }
    }
  }

  return {
    run(work) {
      const mine = read(work)
      under.add(mine)
      const done = () => void under.delete(mine)
      mine.then(done, done)
      return mine
    },
    async close() {
      await Promise.allSettled(under)
      await Promise.all(idle.map((connection) => connection.close()))
    },
  }
}
