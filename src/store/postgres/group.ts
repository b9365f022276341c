import { runScoped } from '../run-scoped.ts'
import { unavailable } from '../unavailable.ts'
import type { AuditBuffer } from './audit.ts'
import { auditBuffer, writeAudit } from './audit.ts'
import { commit, Untold } from './commit.ts'
import type { PostgresConnection } from './connection.ts'
import { databaseNow } from './connection.ts'
import { asPostgresUnavailable, isPassing, isToRepeat } from './errors.ts'
import type { Line } from './line.ts'
import type { Locks } from './locks.ts'
import { createLocks, lockAll } from './locks.ts'
import type { Membership, Node } from './membership.ts'
import type { InHand } from './nouns.ts'
import { inSavepoints } from './savepoints.ts'

export interface GroupOptions {
  /** How many works share one commit, at most. */
  readonly size: number
  /** How long a group takes in works before it commits, in milliseconds. */
  readonly window: number
  /** How long one work may take before it is undone alone, in milliseconds. */
  readonly workTimeout: number
}

export interface PostgresGroups {
  run<T>(work: (hand: InHand) => Promise<T>): Promise<T>
  /** Resolves when nothing waits. */
  drain(): Promise<void>
}

interface Waiting {
  run(
    connection: PostgresConnection,
    hand: Omit<InHand, 'db'>,
    around: Around,
    unheard?: (statement: Promise<unknown>) => void,
  ): Promise<void>
  /** It is durable. */
  keep(): void
  /** The first word counts. */
  refuse(error: unknown): void
  /** Locks that it was found to need while others had them: it begins with all of them. */
  wanted: readonly string[]
  /** It goes on after a statement that failed: each has a savepoint of its own. */
  careful: boolean
  tries: number
}

type Around = (statement: () => Promise<unknown>) => Promise<unknown>

/** Works that stood in somebody's way, or whose connection was lost before the commit, are made again so often. */
const mostTries = 6

/**
 * As on SQLite, all that waits shares one commit, and works run one after the other, each in a savepoint. What other nodes do at the same time is kept out
 * by locks (`locks.ts`). A work that cannot have one it needs is undone and run again behind the commit of those before it; so is a whole group whose
 * connection is lost before it commits. Where it is lost during the commit, the database is asked what became of it.
 */
export function postgresGroups(line: Line, membership: Membership, options: GroupOptions): PostgresGroups {
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      await nextTurn()
      const group = waiting.splice(0, options.size)
      const left = await commitGroup(line, membership, group, options)
      if (left.length > 0) waiting = [...left, ...waiting]
    }
    running = undefined
  }

  return {
    run<T>(work: (hand: InHand) => Promise<T>) {
      return new Promise<T>((resolve, reject) => {
        let result: { readonly value: T } | undefined
        waiting.push({
          async run(connection, hand, around, unheard) {
            const openScope = () => connection.openScope(around, unheard)
            result = { value: await runScoped({ openScope }, (db) => work({ ...hand, db }), options.workTimeout) }
          },
          keep: () => result && resolve(result.value),
          refuse: reject,
          wanted: [],
          careful: false,
          tries: 0,
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

/** Gives back the works that are still to be run, or to be run again, in their order. Never rejects. */
async function commitGroup(
  line: Line,
  membership: Membership,
  group: readonly Waiting[],
  options: GroupOptions,
): Promise<readonly Waiting[]> {
  let connection: PostgresConnection | undefined
  let node: Node
  try {
    connection = await line.connection()
    node = await begin(connection, membership, group[0]?.wanted ?? [])
  } catch (error) {
    return beginFailed(connection, group, error)
  }
  const audit = auditBuffer()
  const done: Waiting[] = []
  let started = 0
  try {
    const locks = createLocks(connection, group[0]?.wanted ?? [])
    const closesAt = performance.now() + options.window
    for (const work of group) {
      if (started > 0 && (performance.now() >= closesAt || work.wanted.length > 0)) break
      // not waited for: whatever follows fails with it
      if (started > 0 && done.at(-1) === group[started - 1]) connection.script('release work; savepoint work').catch(() => undefined)
      const end = await runAlone(connection, work, locks, audit)
      if (end === 'again') break
      started += 1
      if (end === 'done') done.push(work)
    }
    await writeAudit(connection, audit)
    await commit(line, connection, node.id)
  } catch (error) {
    // what it may have begun there is looked after as a dead node's
    if (error instanceof Untold) membership.lapsed(node.id)
    return [...(await undone(connection, done, error)), ...group.slice(started)]
  }
  for (const work of done) work.keep()
  return group.slice(started)
}

async function begin(connection: PostgresConnection, membership: Membership, wanted: readonly string[]): Promise<Node> {
  const node = await membership.node()
  const [row] = await connection.script(
    `begin; ${wanted.length === 0 ? 'savepoint work; ' : ''}select set_config('rappel.node', '${node.id}', true), (select count(*) from leases where name = '${node.name}' and expires_at > ${databaseNow}) as alive`,
  )
  if (row?.alive !== 1) {
    membership.lapsed(node.id)
    throw new Lapsed()
  }
  if (wanted.length === 0) return node
  // before the savepoint: they stay when a work is undone
  await lockAll(connection, wanted)
  await connection.script('savepoint work')
  return node
}

/** This node was taken for dead meanwhile: it comes back as another one. */
class Lapsed extends Error {
  override readonly name = 'Lapsed'
}

async function beginFailed(
  connection: PostgresConnection | undefined,
  group: readonly Waiting[],
  error: unknown,
): Promise<readonly Waiting[]> {
  await rollback(connection)
  const first = group[0]
  const mayRepeat = connection !== undefined && (error instanceof Lapsed || isToRepeat(error) || isPassing(error))
  if (first) first.tries += 1
  if (mayRepeat && first && first.tries < mostTries) return group
  // a lock that one work cannot have keeps nobody else waiting
  const hopeless = isToRepeat(error) ? group.slice(0, 1) : group
  const refusal = error instanceof Lapsed ? unavailable('this node was taken for dead', error) : asPostgresUnavailable(error)
  for (const work of hopeless) work.refuse(refusal)
  return group.slice(hopeless.length)
}

/** In a savepoint that is open, and stays so. `undone`: it threw, and knows. Throws when the whole transaction is lost with it. */
async function runAlone(
  connection: PostgresConnection,
  work: Waiting,
  locks: Locks,
  audit: AuditBuffer,
): Promise<'done' | 'undone' | 'again'> {
  const mark = { locks: locks.mark(), audit: audit.mark() }
  const failing = { first: undefined as unknown, any: false }
  let thrown: { readonly error: unknown } | undefined
  const unheard: Promise<unknown>[] = []
  const around = work.careful ? inSavepoints(connection) : noting(failing)
  try {
    await work.run(
      connection,
      { locks, audit, connection },
      around,
      work.careful ? undefined : (statement) => void unheard.push(statement.catch(() => undefined)),
    )
  } catch (error) {
    thrown = { error }
  }
  // what fails among them is noted
  await Promise.all(unheard)
  if (connection.isLost()) throw thrown?.error ?? new Error('Connection terminated')
  const contended = locks.contended()
  const wentOn = failing.any && !(thrown && thrown.error === failing.first)
  if (!thrown && !contended && !failing.any) return 'done'
  await connection.script('rollback to work')
  locks.backTo(mark.locks)
  audit.backTo(mark.audit)
  if (contended) work.wanted = contended
  else if (wentOn && !isToRepeat(failing.first)) work.careful = true
  else if (!isToRepeat(failing.first ?? thrown?.error)) return refuse(work, thrown?.error)
  work.tries += 1
  return work.tries < mostTries ? 'again' : refuse(work, unavailable('others were in its way', thrown?.error))
}

function refuse(work: Waiting, error: unknown): 'undone' {
  work.refuse(asPostgresUnavailable(error))
  return 'undone'
}

/** PostgreSQL takes nothing more after a statement that failed, until its savepoint. */
function noting(failing: { first: unknown; any: boolean }): Around {
  return async (statement) => {
    if (failing.any) throw failing.first
    try {
      return await statement()
    } catch (error) {
      if (!failing.any) Object.assign(failing, { first: error, any: true })
      throw error
    }
  }
}

/** The works that are to be made again; the others hear that nothing was kept, or that nobody can tell. */
async function undone(connection: PostgresConnection, done: readonly Waiting[], error: unknown): Promise<readonly Waiting[]> {
  await rollback(connection)
  const mayRepeat = !(error instanceof Untold) && (isPassing(error) || isToRepeat(error) || connection.isLost())
  const again: Waiting[] = []
  for (const work of done) {
    work.tries += 1
    if (mayRepeat && work.tries < mostTries) again.push(work)
    else work.refuse(unavailable('the commit failed', error))
  }
  return again
}

async function rollback(connection: PostgresConnection | undefined): Promise<void> {
  if (!connection || connection.isLost()) return
  try {
    await connection.script('rollback')
  } catch {
    // Its session is in a state nobody knows: the next group has another.
    await connection.close()
  }
}
