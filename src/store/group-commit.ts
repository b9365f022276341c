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
  /** Called in each transaction, before its first work. */
  readonly begun?: () => void
  readonly committed?: () => void
  /** What a work has written since is gone. */
  readonly undone?: () => void
}

interface Waiting {
  run(): Promise<void>
  /** It is durable. */
  keep(): void
  /** The first word counts. */
  refuse(error: unknown): void
  /** A work beside it threw, and took it along: run again, it has a savepoint of its own. */
  careful: boolean
}

export interface GroupCommit {
  run<T>(work: Work<T>): Promise<T>
  /** Resolves when nothing waits. */
  drain(): Promise<void>
}

/**
 * One commit for all that waits: a flush to disk costs as much as the works of ten messages.
 * Works run one after the other and learn that they are durable only after the commit they share. One that throws is undone alone: the group is
 * rolled back, and those beside it run again, each in a savepoint. Hardly any does, and a savepoint for each would copy every page it writes to.
 */
export function groupCommit(connection: Connection, options: GroupOptions): GroupCommit {
  const queue: Waiting[] = []
  let running: Promise<void> | undefined

  /** Between two groups the event loop turns, so that sockets are read while the next works gather. */
  async function commitAll(): Promise<void> {
    while (queue.length > 0) {
      await nextTurn()
      await commitGroup(connection, queue, options)
    }
    running = undefined
  }

  return {
    run<T>(work: Work<T>) {
      return new Promise<T>((resolve, reject) => {
        let result: { readonly value: T } | undefined
        queue.push({
          async run() {
            result = { value: await runScoped(connection, work, options.workTimeout) }
          },
          keep: () => result && resolve(result.value),
          refuse: reject,
          careful: false,
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

/** A group holds nobody up who asks for something else: a page is read while it is open, on the other connection. In milliseconds. */
const betweenTurns = 5

/** Takes from the queue what one commit has room and time for. Never rejects: every work it took hears what became of it, or is back in the queue. */
async function commitGroup(connection: Connection, queue: Waiting[], options: GroupOptions): Promise<void> {
  const done: Waiting[] = []
  const careful = queue[0]?.careful === true
  try {
    begin(connection)
    options.begun?.()
  } catch (error) {
    undo(connection)
    for (const work of queue.splice(0, options.size)) work.refuse(asRefusal(error))
    return
  }
  try {
    const whole = await runGroup(connection, queue, options, careful, done)
    if (!whole) return runAgain(connection, queue, options, done)
    connection.exec('commit')
  } catch (error) {
    undo(connection)
    options.undone?.()
    for (const work of done) work.refuse(asRefusal(error))
    return
  }
  for (const work of done) work.keep()
  options.committed?.()
}

/** False: a work threw, knows it, and has left its traces on the transaction. Throws when the whole transaction is lost. */
async function runGroup(
  connection: Connection,
  queue: Waiting[],
  options: GroupOptions,
  careful: boolean,
  done: Waiting[],
): Promise<boolean> {
  const { size, window } = options
  const closesAt = performance.now() + window
  let turnsAt = performance.now() + betweenTurns
  for (let started = 0; started < size && queue[0]?.careful === careful; started += 1) {
    const now = performance.now()
    if (started > 0 && now >= closesAt) break
    if (now >= turnsAt) {
      await nextTurn()
      turnsAt = performance.now() + betweenTurns
    }
    const work = queue.shift()
    if (!work) break
    const kept = careful ? await runAlone(connection, work, options) : await runBeside(connection, work)
    if (kept) done.push(work)
    else if (!careful) return false
  }
  return true
}

function runAgain(connection: Connection, queue: Waiting[], { undone }: GroupOptions, done: readonly Waiting[]): void {
  undo(connection)
  undone?.()
  for (const work of done) work.careful = true
  queue.unshift(...done)
}

async function runBeside(connection: Connection, work: Waiting): Promise<boolean> {
  try {
    await work.run()
  } catch (error) {
    work.refuse(asUnavailable(error))
    if (!connection.inTransaction()) throw error
    return false
  }
  if (!connection.inTransaction()) throw lost(work)
  return true
}

/** False: it threw and was undone, and knows. Throws when the whole transaction is lost with it. */
async function runAlone(connection: Connection, work: Waiting, { undone }: GroupOptions): Promise<boolean> {
  connection.exec('savepoint work')
  const kept = await runBeside(connection, work)
  if (!kept) {
    connection.exec('rollback to work')
    undone?.()
  }
  connection.exec('release work')
  return kept
}

function lost(work: Waiting): Error {
  const error = unavailable('the database undid the transaction')
  work.refuse(error)
  return error
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
