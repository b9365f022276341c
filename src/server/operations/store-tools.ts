import type { RestoreHold } from '../../store/port/holds.ts'

/** What a store's file says of itself. */
export interface StoreFacts {
  /** Its last migration; empty: it is no store. */
  readonly schema: string
  readonly auditHead: { readonly seq: number; readonly hash: string }
  readonly auditFaults: readonly { readonly seq: number; readonly fault: string }[]
  /** None: sound. */
  readonly damage: readonly string[]
}

/** What backup and restore do to files of stores: only the composition knows which store it is. */
export interface StoreTools {
  /** Writes the configured store, as it is at one instant, to a new file, beside a service that runs. */
  copy(to: string): Promise<void>
  /** Reads a file and leaves it as it is; throws where it cannot be opened with the configured key. */
  inspect(path: string): Promise<StoreFacts>
  /** Makes a store one file, which it can only be while nobody else has it open. */
  settle(path: string): 'settled' | 'in use' | 'unreadable'
  /** Brings a copy to this program's schema and marks it: whoever opens it sends nothing before a person has looked (R9). All of it is in the one file then. */
  markRestored(path: string, hold: RestoreHold): Promise<void>
}
