import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId, Envelope, Fault } from '../../core/envelope.ts'

export interface InboxTable {
  insert(row: InboxRow): Promise<void>
  find(id: string): Promise<InboxRow | undefined>
  /** The first row with this identity and these bytes (V2-DUP-1); one that a person had read again (`retried`) does not count. */
  findDuplicate(connectorId: ConnectorId, identity: string, hash: string): Promise<InboxRow | undefined>
  /** `received` rows whose next try has come, oldest first. */
  pending(now: Temporal.Instant, limit: number): Promise<readonly InboxRow[]>
  /** As `pending`, but passes over what another node has taken to read back, and takes the rest for half a minute. */
  take(now: Temporal.Instant, limit: number): Promise<readonly InboxRow[]>
  nextDueAt(): Promise<Temporal.Instant | undefined>
  settle(id: string, settlement: Settlement): Promise<void>
  defer(id: string, nextTryAt: Temporal.Instant, reason: string): Promise<void>
  /** Newest first; `before` is the id of the last row of the page before. */
  quarantined(page: { readonly limit: number; readonly before?: string }): Promise<readonly InboxRow[]>
  /** What came between two ids (from included, until not), in the order of arrival, bodies included where they are here; ids sort by time (`idFrom`). */
  arrived(page: { readonly from: string; readonly until: string; readonly limit: number }): Promise<readonly InboxRow[]>
  countByState(): Promise<Readonly<Partial<Record<InboxState, number>>>>
  /** Settled, its body still here, not in quarantine, and not the last envelope of an appointment. */
  archivable(limit: number): Promise<readonly InboxRow[]>
  /** The body is in the archive now. */
  dropBody(id: string): Promise<void>
}

/** `received`: kept and answered, not yet acted on. `retried`: a person had a quarantined one read again, in a row of its own. */
export type InboxState = 'received' | 'applied' | 'ignored' | 'quarantined' | 'retried'

export interface InboxRow {
  /** Made by the caller; sorts by time. */
  readonly id: string
  readonly envelope: Envelope
  /** True once the body has moved to the archive: `envelope.body` is then empty. */
  readonly archived: boolean
  readonly identity?: string
  /** SHA-256 of the body, hex. */
  readonly hash: string
  readonly state: InboxState
  readonly reason?: string
  readonly fault?: Fault
  readonly tries: number
  /** Of a `received` row: when it is acted on. */
  readonly nextTryAt: Temporal.Instant
  readonly settledAt?: Temporal.Instant
}

export interface Settlement {
  readonly state: Exclude<InboxState, 'received'>
  readonly reason?: string
  readonly fault?: Fault
  readonly at: Temporal.Instant
}
