import type { PostgresConnection } from './connection.ts'
import type { Line } from './line.ts'

/** What became of a commit whose answer was lost is known to the database, by the transaction's number. */
export async function commit(line: Line, connection: PostgresConnection): Promise<void> {
  const [row] = await connection.script('release work; select pg_current_xact_id_if_assigned()::text as xid')
  try {
    await connection.commit()
  } catch (error) {
    if (!connection.isLost() || typeof row?.xid !== 'string') throw error
    if (!(await isCommitted(line, row.xid))) throw error
  }
}

/** The session that was lost may still be ending. */
const looks = 20
const betweenLooks = 100

/** Throws `StoreUnavailable` where it cannot be told. */
async function isCommitted(line: Line, xid: string): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    const connection = await line.connection().catch((error: unknown) => {
      throw new Untold(error)
    })
    const [row] = await connection.query('select pg_xact_status($1::xid8) as status', [xid]).catch(() => [])
    if (row?.status === 'committed') return true
    if (row?.status === 'aborted') return false
    await new Promise((resolve) => setTimeout(resolve, betweenLooks))
  }
  throw new Untold()
}

/** It may be committed: whoever asked must not believe either, and the work is not made again. */
export class Untold extends Error {
  override readonly name = 'Untold'
  constructor(cause?: unknown) {
    super('the connection was lost during the commit', { cause })
  }
}
