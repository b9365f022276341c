import { randomUUID } from 'node:crypto'
import type { PostgresConnection } from './connection.ts'
import type { Line } from './line.ts'

/** Of one commit that changes something. */
interface Change {
  /** Of the transaction. After a crash of the database that lost it, another one gets the same. */
  readonly xid: string
  /** The node's. */
  readonly node: string
  /** Written with it, and by no other. */
  readonly token: string
}

/** Where its answer is lost, the database is asked what became of it. */
export async function commit(line: Line, connection: PostgresConnection, node: string): Promise<void> {
  const token = randomUUID()
  const [row] = await connection.script(
    `release work; update commits set token = '${token}' where node = '${node}' and pg_current_xact_id_if_assigned() is not null; select pg_current_xact_id_if_assigned()::text as xid`,
  )
  try {
    await connection.commit()
  } catch (error) {
    if (!connection.isLost() || typeof row?.xid !== 'string') throw error
    if (!(await isCommitted(line, { xid: row.xid, node, token }))) throw error
  }
}

/** The session that was lost may still be ending. */
const looks = 20
const betweenLooks = 100

/** Throws `Untold` where nobody can tell. */
async function isCommitted(line: Line, { xid, node, token }: Change): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    const connection = await line.connection().catch((error: unknown) => {
      throw new Untold(error)
    })
    const status = await statusOf(connection, xid)
    if (status === 'committed') return await isLast(connection, node, token)
    if (status === 'aborted' || status === 'unknown') return false
    await new Promise((resolve) => setTimeout(resolve, betweenLooks))
  }
  throw new Untold()
}

/** `unknown`: the database has given no transaction that number yet, as after a crash that lost the one that had it. Undefined: it did not answer. */
async function statusOf(connection: PostgresConnection, xid: string): Promise<unknown> {
  try {
    const [row] = await connection.query('select pg_xact_status($1::xid8) as status', [xid])
    return row?.status
  } catch (error) {
    return !connection.isLost() && error instanceof Error && 'code' in error && error.code === ofTheFuture ? 'unknown' : undefined
  }
}

const ofTheFuture = '22023'

/** Of a transaction that is over: it wrote the token, or another had its number. */
async function isLast(connection: PostgresConnection, node: string, token: string): Promise<boolean> {
  const [row] = await connection.query('select token from commits where node = $1', [node]).catch((error: unknown) => {
    throw new Untold(error)
  })
  if (row === undefined) throw new Untold()
  return row.token === token
}

/** It may be committed: whoever asked must not believe either, and the work is not made again. */
export class Untold extends Error {
  override readonly name = 'Untold'
  constructor(cause?: unknown) {
    super('the connection was lost during the commit', { cause })
  }
}
