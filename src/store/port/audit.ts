import type { Temporal } from 'temporal-polyfill'

export interface AuditTable {
  append(entry: AuditEntry): Promise<void>
  /** Newest first. */
  of(subject: string, limit: number): Promise<readonly AuditEntry[]>
  /** Of everybody, newest first; `before` is the number of the last row of the page before. */
  latest(limit: number, before?: number): Promise<readonly (AuditEntry & { readonly seq: number })[]>
  /** Looks at the next so many rows of the chain behind `after` (absent: from its beginning): each that is not as it was written is named (R31). */
  verify(limit: number, after?: AuditLink): Promise<AuditSlice>
}

/** One row of the audit’s chain: its number, and what the next one is linked to. */
export interface AuditLink {
  readonly seq: number
  readonly hash: string
}

export interface AuditFault {
  /** The first row that is not as it was written, or before which one is missing. */
  readonly seq: number
  readonly fault: 'edited' | 'missing' | 'detail edited'
}

export interface AuditSlice {
  readonly faults: readonly AuditFault[]
  /** Where the next slice begins. */
  readonly last: AuditLink
  /** The highest number any row was ever given. */
  readonly of: number
  readonly done: boolean
}

/** One act, with opaque ids only (R31). */
export interface AuditEntry {
  readonly at: Temporal.Instant
  /** `connector:tilleuls`, `patient`, `dispatch`, `operator`. */
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail?: Readonly<Record<string, string | number | boolean>>
}
