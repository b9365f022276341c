import { runScoped, type Work } from './run-scoped.ts'
import type { Connection } from './sqlite-connection.ts'
import { asUnavailable } from './unavailable.ts'

export interface SnapshotReads {
  run<T>(work: Work<T>): Promise<T>
  /** Resolves when none runs. */
  drain(): Promise<void>
}

/** One after the other, each sees the store as it was when it first looked, whatever is committed meanwhile. */
export function snapshotReads(connection: Connection, timeout: number): SnapshotReads {
  let last: Promise<unknown> = Promise.resolve()

  async function read<T>(work: Work<T>): Promise<T> {
    try {
      connection.exec('begin')
      return await runScoped(connection, work, timeout)
    } catch (error) {
      throw asUnavailable(error)
    } finally {
      if (connection.inTransaction()) connection.exec('rollback')
    }
  }

  return {
    run(work) {
      const mine = last.then(() => read(work))
      last = mine.catch(() => undefined)
      return mine
    },
    async drain() {
      await last
    },
  }
}
