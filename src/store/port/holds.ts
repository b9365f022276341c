import type { Temporal } from 'temporal-polyfill'
import type { Notification } from '../../core/notification.ts'

/** Sends of one clinic stopped until a person releases or drops them (R8). */
export interface MassHoldsTable {
  /** The newest that is still held. */
  open(clinicId: string): Promise<MassHold | undefined>
  /** The newest, whatever became of it: what a person released is not held again. */
  latest(clinicId: string): Promise<MassHold | undefined>
  /** Known by its clinic and `since`. */
  save(hold: MassHold): Promise<void>
}

/** Set when the store came from a backup: nothing is sent until a person releases or drops it (R9). */
export interface RestoreHoldsTable {
  /** Whatever became of it. */
  latest(): Promise<RestoreHold | undefined>
  /** Known by its `since`. */
  save(hold: RestoreHold): Promise<void>
  /** Pending notifications of all clinics due at or before `until`, soonest first; `after` is the last one of the page before. */
  waiting(until: Temporal.Instant, after: Pick<Notification, 'id' | 'dueAt'> | undefined, limit: number): Promise<readonly Notification[]>
}

export interface MassHold {
  readonly clinicId: string
  readonly since: Temporal.Instant
  /** What was seen when it was set: notices in the hour, and what is usual. */
  readonly seen: number
  readonly usual: number
  readonly agendas: number
  readonly state: 'held' | 'released' | 'dropped'
  readonly settledAt?: Temporal.Instant
  readonly settledBy?: string
}

/** Of a store that came from a backup. */
export interface RestoreHold {
  /** When it was restored: whatever was sent until then, this store does not know of. */
  readonly since: Temporal.Instant
  readonly backupAt: Temporal.Instant
  readonly state: 'held' | 'released' | 'dropped'
  readonly settledAt?: Temporal.Instant
  readonly settledBy?: string
}
