import { StoreUnavailable } from './store.ts'

/** SQLite's words for what may pass, or is nobody's fault here: a full disk, an I/O error, a lock, a damaged or vanished file. */
const passing = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY|NOMEM|PROTOCOL|CORRUPT|NOTADB)/

/** `StoreUnavailable` where the database failed, with the cause kept; any other error as it is. */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string' || !passing.test(code)) return error
  return unavailable(code, error)
}

export function unavailable(why: string, cause?: unknown): StoreUnavailable {
  return new StoreUnavailable(`the store keeps nothing now: ${why}`, { cause })
}
