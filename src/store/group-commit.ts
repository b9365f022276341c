import { runScoped, type Work } from './run-scoped.ts'
import type { Connection } from './sqlite-connection.ts'
import { asUnavailable, unavailable } from './unavailable.ts'

export interface GroupOptions {
  /** How many works share one commit, at most. */
  readonly size: number
  /** How long a group takes in works before it commits, in milliseconds. */
  readonly window: number
  /** How long one work may take before it is undone alone, in milliseconds. */
  readonly workTimeout: number
}

interface Waiting {
  run(): Promise<void>
  /** It is durable. */
  keep(): void
  /** The first word counts. */
  refuse(error: unknown): void
}

export interface GroupCommit {
  run<T>(work: Work<T>): Promise<T>
  /** Resolves when nothing waits. */
  drain(): Promise<void>
}

/**
 * One commit for all that waits: a flush to disk costs as much as the works of ten messages.
 * Works run one after the other, each in a savepoint, and learn that they are durable only after the commit they share.
 */
export function groupCommit(connection: Connection, options: GroupOptions): GroupCommit {
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  /** Between two groups the event loop turns, so that sockets are read while the next works gather. */
  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      await nextTurn()
      const group = waiting.splice(0, options.size)
      const left = await commitGroup(connection, group, options)
      if (left.length > 0) waiting = [...left, ...waiting]
    }
    running = undefined
  }

  return {
    run<T>(work: Work<T>) {
      return new Promise<T>((resolve, reject) => {
        let result: { readonly value: T } | undefined
        waiting.push({
          async run() {
            result = { value: await runScoped(connection, work, options.workTimeout) }
          },
          keep: () => result && resolve(result.value),
          refuse: reject,
        })
        running ??= commitAll()
      })
    },
    async drain() {
      await running
    },
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Gives back the works that the window left no time for. Never rejects: every work of the group hears what became of it. */
async function commitGroup(connection: Connection, group: readonly Waiting[], options: GroupOptions): Promise<readonly Waiting[]> {
  const done: Waiting[] = []
  const closesAt = performance.now() + options.window
  let started = 0
  try {
    begin(connection)
    for (const work of group) {
      if (started > 0 && performance.now() >= closesAt) break
      started += 1
      if (await runAlone(connection, work)) done.push(work)
    }
    connection.exec('commit')
  } catch (error) {
    undo(connection)
    const refusal = asRefusal(error)
    const lost = started === 0 ? group.length : started
    for (const work of group.slice(0, lost)) work.refuse(refusal)
    return group.slice(lost)
  }
  for (const work of done) work.keep()
  return group.slice(started)
}

/** False: it threw and was undone, and knows. Throws when the whole transaction is lost with it. */
async function runAlone(connection: Connection, work: Waiting): Promise<boolean> {
  connection.exec('savepoint work')
  try {
    await work.run()
  } catch (error) {
    work.refuse(asUnavailable(error))
    if (!connection.inTransaction()) throw error
    connection.exec('rollback to work')
    connection.exec('release work')
    return false
  }
  if (!connection.inTransaction()) throw unavailable('the database undid the transaction')
  connection.exec('release work')
  return true
}

/** A transaction left open by a rollback that failed is ended first. */
function begin(connection: Connection): void {
  undo(connection)
  connection.exec('begin immediate')
}

function undo(connection: Connection): void {
  if (!connection.inTransaction()) return
  try {
    connection.exec('rollback')
  } catch {
    // The next `begin` tries again, and its group is refused if that fails too.
  }
}

/** Of a group: whatever the reason, its works may be tried again. */
function asRefusal(error: unknown): unknown {
  const known = asUnavailable(error)
  return known === error ? unavailable('the commit failed', error) : known
}
