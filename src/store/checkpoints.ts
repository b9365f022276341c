import type { Connection } from './sqlite-connection.ts'

/** A commit writes some pages of the log at least; after fewer commits there is little to copy. */
const worthIt = 64
const restMilliseconds = 200

export interface Checkpoints {
  committed(): void
  stop(): void
}

/** Copies the log into the database when nothing was committed for a moment, so that hardly any commit has to: it costs as much as a hundred of them. */
export function checkpointAtRest(writer: Pick<Connection, 'query' | 'inTransaction'>): Checkpoints {
  let commits = 0
  let timer: NodeJS.Timeout | undefined

  function copy(): void {
    if (writer.inTransaction()) return
    commits = 0
    try {
      writer.query('pragma wal_checkpoint(passive)')
    } catch {
      // On a full disk: the log stays where it is, and the next commit that cannot be kept says so.
    }
  }

  return {
    committed() {
      commits += 1
      if (commits < worthIt) return
      if (timer) timer.refresh()
      else timer = setTimeout(copy, restMilliseconds).unref()
    },
    stop: () => clearTimeout(timer),
  }
}
