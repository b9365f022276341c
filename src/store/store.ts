import type { AppointmentsTable } from './port/appointments.ts'
import type { AttemptsTable } from './port/attempts.ts'
import type { AuditTable } from './port/audit.ts'
import type { BlocksTable } from './port/blocks.ts'
import type { ConsentsTable, OptOutsTable, WrongNumbersTable } from './port/contacts.ts'
import type { ErasuresTable, ForgettingTable } from './port/forgetting.ts'
import type { MassHoldsTable, RestoreHoldsTable } from './port/holds.ts'
import type { IdempotencyTable } from './port/idempotency.ts'
import type { ApiKeysTable, GuessesTable, InvitationsTable, SessionsTable, UsersTable } from './port/identity.ts'
import type { InboundTextsTable, QuestionsTable } from './port/inbound.ts'
import type { InboxTable } from './port/inbox.ts'
import type { LinksTable } from './port/links.ts'
import type { MarksTable } from './port/marks.ts'
import type { NotificationsTable } from './port/notifications.ts'
import type { PatientsTable, PreferencesTable } from './port/patients.ts'
import type { QuestionnaireDraftsTable } from './port/questionnaire-drafts.ts'
import type { SettingsTable, UnsetTable } from './port/settings.ts'
import type { ShadowTable } from './port/shadow.ts'
import type { ToCallTable, ToDoTable } from './port/staff-lists.ts'
import type { StatisticsTable } from './port/statistics.ts'
import type { ToldTable } from './port/told.ts'
import type { UsageTable } from './port/usage.ts'
import type { WebhooksTable } from './port/webhooks.ts'
import type { WriteBacksTable } from './port/write-backs.ts'

/** The truth: what was received, what it made, what was sent and written back. Everything else may be lost. */
export interface Store {
  /**
   * Runs `work` in one transaction (law 4) and resolves once it is durable; waiting works share one commit, each undone alone if it throws.
   * `work` may only await its transaction: no network call belongs inside (promises.md). It may be run again, what it wrote undone (a work beside it threw,
   * another node was in its way): whatever it does beside its transaction must bear that. Rejects with `StoreUnavailable` when nothing can be kept.
   */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Sees what is committed, and only that. */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Resolves if a commit would be kept now; else rejects with the reason (`/readyz`). */
  check(): Promise<void>
  /** Leaves nothing of what was deleted in the files, as far as the database can. */
  scrub(): Promise<void>
  /** Several nodes on one database; absent: this process has it to itself. */
  readonly cluster?: Cluster
  /** Waits for what runs, then closes. */
  close(): Promise<void>
}

export interface Cluster {
  /** Of what one node does at a time. The same name is the same lease everywhere. */
  lease(name: string): Lease
  /** This node's, from now on. Asks nobody. */
  presence(): Presence
  /** Something of this name may be due: tells the other nodes. May be lost. */
  hint(name: string): void
  /** What other nodes hint at; `*`: a node is gone, or hints were missed, and anything may be due. */
  onHint(heard: (name: string) => void): void
}

export interface Presence {
  /**
   * False: this node has been silent since for so long that it may have been taken for dead, and what it had under way for lost. It stays so where the node
   * has come back meanwhile.
   */
  lasts(): boolean
}

export interface Lease {
  /** Takes it, or goes on having it until the next heartbeat is missed; false: another node has it. */
  hold(): Promise<boolean>
  /** Asks nobody. */
  isHeld(): boolean
  /** As the store's, but rejects with `LeaseLost`, and keeps nothing, where another node may have it by now. */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

/** Another node does it now, for this one was silent too long. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** Nothing could be kept, for a reason that may pass: disk full, database locked or gone. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The nouns of one transaction. All `save`s insert or replace by id. */
export interface Transaction {
  readonly inbox: InboxTable
  readonly appointments: AppointmentsTable
  readonly patients: PatientsTable
  readonly told: ToldTable
  readonly notifications: NotificationsTable
  readonly attempts: AttemptsTable
  readonly links: LinksTable
  readonly writeBacks: WriteBacksTable
  readonly settings: SettingsTable
  readonly optOuts: OptOutsTable
  readonly unset: UnsetTable
  readonly toCall: ToCallTable
  readonly toDo: ToDoTable
  readonly inboundTexts: InboundTextsTable
  readonly questions: QuestionsTable
  readonly wrongNumbers: WrongNumbersTable
  readonly usage: UsageTable
  readonly statistics: StatisticsTable
  readonly massHolds: MassHoldsTable
  readonly consents: ConsentsTable
  readonly preferences: PreferencesTable
  readonly guesses: GuessesTable
  readonly questionnaireDrafts: QuestionnaireDraftsTable
  readonly marks: MarksTable
  readonly blocks: BlocksTable
  readonly users: UsersTable
  readonly invitations: InvitationsTable
  readonly sessions: SessionsTable
  readonly apiKeys: ApiKeysTable
  readonly restoreHolds: RestoreHoldsTable
  readonly erasures: ErasuresTable
  readonly forgetting: ForgettingTable
  readonly shadow: ShadowTable
  readonly webhooks: WebhooksTable
  readonly idempotency: IdempotencyTable
  readonly audit: AuditTable
}
