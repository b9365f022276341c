import { StoreUnavailable } from '../store.ts'
import { unavailable } from '../unavailable.ts'

/** PostgreSQL's words for what may pass: no connection, shutting down, not yet up, no memory, disk or connection left, I/O errors, damaged or read-only data. */
const passing = /^(08|53|58|57P|XX00|25006|25P03|F0)/
/** The other transaction goes first, and this one is made again: serialization, deadlock, a lock or a statement that took too long. */
const again = /^(40001|40P01|55P03|57014)$/
/** Of the socket, and of the driver. */
const gone = /^(ECONN|EPIPE|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT)/
const goneWords = /Connection terminated|Query read timeout|timeout expired|Client was closed|not queryable|timeout exceeded/

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

export function isToRepeat(error: unknown): boolean {
  return again.test(codeOf(error))
}

/** Nothing can be asked on that connection any more, and perhaps nowhere. */
export function isPassing(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true
  const code = codeOf(error)
  return passing.test(code) || gone.test(code) || (code === '' && error instanceof Error && goneWords.test(error.message))
}

/** `StoreUnavailable` where the database failed, with the cause kept; any other error as it is. */
export function asPostgresUnavailable(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error
  if (isPassing(error) || isToRepeat(error)) return unavailable(codeOf(error) || 'the connection was lost', error)
  return error
}
