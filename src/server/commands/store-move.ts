import type { Temporal } from 'temporal-polyfill'

/** What `rappel migrate` asks of the composition. */
export interface StoreMove {
  readonly path: string
  /** Of an encrypted file. */
  readonly key?: string
  /** The database's address. */
  readonly to: string
  /** PEM. */
  readonly ca?: string
  readonly insecure: boolean
  readonly now: Temporal.Instant
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number) => void
}

/** Each table as it was read back from the database; the hash is of all its rows, in whatever order. */
export interface StoreMoved {
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[]
}
