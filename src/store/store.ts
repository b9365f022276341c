import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from '../core/appointment.ts'
import type { DeliveryAttempt, SendOutcome } from '../core/delivery.ts'
import type { ConnectorId, Envelope, Fault } from '../core/envelope.ts'
import type { Guesses } from '../core/guesses.ts'
import type { Question } from '../core/inbound/question.ts'
import type { NotificationKind } from '../core/kind.ts'
import type { AgendaBlock } from '../core/news.ts'
import type { Notification, NotificationState } from '../core/notification.ts'
import type { ChannelKind, Patient, PatientId } from '../core/patient.ts'
import type { Preferences } from '../core/preferences.ts'
import type { QuestionnaireDraft } from '../core/questionnaire/draft.ts'
import type { Settings } from '../core/settings.ts'
import type { Attendance, Carried, Lead } from '../core/statistics.ts'
import type { ToDo } from '../core/to-do.ts'
import type { Told } from '../core/told.ts'
import type { ApiKey, Invitation, StoredSession, User } from '../core/user.ts'
import type { WebhookDelivery, WebhookEndpoint, WebhookEvent } from '../core/webhook.ts'
import type { WriteBack, WriteBackState } from '../core/write-back.ts'
import type { ShadowTable } from './shadow.ts'

/** The truth: what was received, what it made, what was sent and written back. Everything else may be lost. */
export interface Store {
  /**
   * Runs `work` in one transaction (law 4) and resolves once it is durable; waiting works share one commit, each undone alone if it throws.
   * `work` may only await its transaction: no network call belongs inside (promises.md). Where other nodes share the database it may be run again, what it
   * wrote undone: whatever it does beside its transaction must bear that. Rejects with `StoreUnavailable` when nothing can be kept.
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
  /** False: this node has been silent so long that it may be taken for dead, and what it has under way for lost. Asks nobody. */
  isAlive(): boolean
  /** Something of this name may be due: tells the other nodes. May be lost. */
  hint(name: string): void
  /** What other nodes hint at; `*`: a node is gone, or hints were missed, and anything may be due. */
  onHint(heard: (name: string) => void): void
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
  readonly appointments: {
    find(id: AppointmentId): Promise<Appointment | undefined>
    save(appointment: Appointment): Promise<void>
    /** Of one patient, starting at or after `from`, soonest first. */
    ofPatient(patientId: PatientId, from: Temporal.Instant, limit: number): Promise<readonly Appointment[]>
    /** Of one visit number of a connector, in the order of their ids. */
    ofVisit(connectorId: ConnectorId, visit: string, limit: number): Promise<readonly Appointment[]>
    /** Of one clinic, starting at exactly that instant, in the order of their ids. */
    startingAt(clinicId: string, start: Temporal.Instant, limit: number): Promise<readonly Appointment[]>
    /** Of one clinic, starting at or after `from`, in the order of their ids; `after` is the last id of the page before. */
    ahead(clinicId: string, from: Temporal.Instant, after: AppointmentId | undefined, limit: number): Promise<readonly Appointment[]>
    /** Of one clinic, those that something holds until a person looked (V2-ID-4), soonest first; those without a start come first. */
    held(clinicId: string, limit: number): Promise<readonly Appointment[]>
    /** Of one clinic, or of one of its agendas, starting in that time (from included, until not), soonest first; `after` is the last of the page before. */
    starting(clinicId: string, page: StartingPage): Promise<readonly Appointment[]>
    /** How many of one clinic start in that time (from included, until not). */
    countStarting(clinicId: string, span: TimeSpan): Promise<number>
    /** Of those in the order of their starts, the ones after the first `skip`; in no order. */
    slice(clinicId: string, span: TimeSpan, skip: number, limit: number): Promise<readonly Appointment[]>
  }
  readonly patients: {
    find(id: PatientId): Promise<Patient | undefined>
    /** What they chose themselves is not written: see `preferences`. */
    save(patient: Patient): Promise<void>
    /** Of one clinic, whoever has this phone number (E.164) among their contacts or their guardians’: a household (D29). In the order of their ids. */
    sharing(clinicId: string, phone: string, limit: number): Promise<readonly Patient[]>
    /** Of one clinic, by the beginning of a name (any word of it, accents and case left aside) or a birth date; each once, in the order of what they were found by. */
    search(clinicId: string, what: PatientSearch, limit: number, after?: PatientPlace): Promise<readonly PatientFound[]>
    /** Whom this record names as a relative with a record of their own, and who names this one. */
    related(id: PatientId, limit: number): Promise<readonly Patient[]>
    /** The record that stands for it after every merge; itself where it was merged into none. */
    survivorOf(id: PatientId): Promise<PatientId>
    /** Whatever is said of `prior` is of `survivor` from now on. The caller has seen to it that this is no circle. */
    mergeInto(prior: PatientId, survivor: PatientId, at: Temporal.Instant): Promise<void>
  }
  readonly told: {
    find(appointmentId: AppointmentId): Promise<Told | undefined>
    save(appointmentId: AppointmentId, told: Told): Promise<void>
    /** It is somebody else's now, who was told nothing. */
    forget(appointmentId: AppointmentId): Promise<void>
  }
  readonly notifications: {
    find(id: string): Promise<Notification | undefined>
    save(notification: Notification): Promise<void>
    /** In no order. */
    ofAppointment(appointmentId: AppointmentId): Promise<readonly Notification[]>
    /** Pending (`planned`, `parked`, `held`) and due at or before `now`, soonest first. */
    due(now: Temporal.Instant, limit: number): Promise<readonly Notification[]>
    /** As `due`, but passes over what another node has taken to send, and takes the rest for half a minute, or until each is saved. */
    take(now: Temporal.Instant, limit: number): Promise<readonly Notification[]>
    /** The soonest due time of what is pending, and in no other node's hand. */
    nextDueAt(): Promise<Temporal.Instant | undefined>
    /**
     * Changes, cancellations and corrections of one clinic planned in that time (from included, until not), whatever became of them, by agenda:
     * absences and the fuse look at it. Counts appointments: an e-mail and a text of one cancellation are one. In no order; `agendaKey` is empty for those without agenda.
     */
    noticesPlanned(
      clinicId: string,
      from: Temporal.Instant,
      until: Temporal.Instant,
    ): Promise<readonly { readonly agendaKey: string; readonly kind: NotificationKind; readonly count: number }[]>
    /** `held` for that reason, of one clinic, soonest start of their appointments first; those without a start come last. */
    heldFor(clinicId: string, reason: string, limit: number): Promise<readonly Notification[]>
    /** Of one clinic in one state, the last changed first; `before` is the last of the page before. */
    inState(
      clinicId: string,
      state: NotificationState,
      page: { readonly limit: number; readonly before?: Pick<Notification, 'id' | 'changedAt'> },
    ): Promise<readonly Notification[]>
  }
  readonly attempts: {
    find(id: string): Promise<DeliveryAttempt | undefined>
    save(attempt: DeliveryAttempt): Promise<void>
    finish(id: string, outcome: SendOutcome, at: Temporal.Instant): Promise<void>
    /** Started and never finished, oldest first: after a restart each is in doubt. What another node that is alive has under way is not among them. */
    unfinished(limit: number): Promise<readonly DeliveryAttempt[]>
    /** Oldest first. */
    ofAppointment(appointmentId: AppointmentId): Promise<readonly DeliveryAttempt[]>
    /** When its provider is to be asked what became of it; undefined: no more. */
    ask(id: string, at: Temporal.Instant | undefined): Promise<void>
    /** Whose provider is to be asked by now, soonest first. */
    toAsk(now: Temporal.Instant, limit: number): Promise<readonly DeliveryAttempt[]>
    nextAskAt(): Promise<Temporal.Instant | undefined>
  }
  readonly links: {
    save(link: Link): Promise<void>
    find(tokenHash: string): Promise<Link | undefined>
  }
  readonly writeBacks: {
    find(id: string): Promise<WriteBack | undefined>
    save(writeBack: WriteBack): Promise<void>
    /** Oldest answer first. */
    ofAppointment(appointmentId: AppointmentId): Promise<readonly WriteBack[]>
    /** `queued` or `sending` whose `nextTryAt` has come, oldest answer first; at most one of each appointment, its oldest. */
    due(now: Temporal.Instant, limit: number): Promise<readonly WriteBack[]>
    nextDueAt(): Promise<Temporal.Instant | undefined>
    /** Of one connector in one state, the newest answer first; `before` is the last of the page before. */
    inState(
      connectorId: ConnectorId,
      state: WriteBackState,
      page: { readonly limit: number; readonly before?: Pick<WriteBack, 'id' | 'answeredAt'> },
    ): Promise<readonly WriteBack[]>
  }
  readonly settings: {
    current(clinicId: string): Promise<Settings | undefined>
    /** Refuses a version that exists. `source` names what it came from: `configuration:<hash>`, `api`, `rollback:3`. */
    save(settings: Settings, at: Temporal.Instant, source?: string): Promise<void>
    at(clinicId: string, version: number): Promise<Settings | undefined>
    /** Newest first. */
    history(
      clinicId: string,
      limit: number,
    ): Promise<readonly { readonly version: number; readonly at: Temporal.Instant; readonly source?: string }[]>
  }
  readonly optOuts: {
    has(clinicId: string, channel: ChannelKind, contact: string): Promise<boolean>
    /** Of one person's contacts, the channels whose contact is kept here. */
    among(clinicId: string, contacts: { readonly email?: string; readonly sms?: string }): Promise<ReadonlySet<ChannelKind>>
    add(clinicId: string, channel: ChannelKind, contact: string, at: Temporal.Instant): Promise<void>
    /** START, or a person at the patient's word. */
    remove(clinicId: string, channel: ChannelKind, contact: string): Promise<void>
  }
  /** Agendas and motifs the EHR named and nobody has set: silent, and counted (O4). */
  readonly unset: {
    count(row: Omit<UnsetKey, 'count' | 'firstSeenAt'>, at: Temporal.Instant): Promise<void>
    /** The most frequent first, a thousand at most. */
    list(clinicId: string): Promise<readonly UnsetKey[]>
  }
  /** Whom no channel can reach (D12). */
  readonly toCall: {
    find(id: string): Promise<ToCall | undefined>
    save(entry: ToCall): Promise<void>
    /** Of one clinic, not done, the soonest appointment first; those without a start come last. */
    open(clinicId: string, limit: number): Promise<readonly ToCall[]>
    /** Done or not, oldest first. */
    ofAppointment(appointmentId: AppointmentId): Promise<readonly ToCall[]>
  }
  /** The staff's inbox: replies in patients' own words, and what else only a person can see to. */
  readonly toDo: {
    find(id: string): Promise<ToDo | undefined>
    save(line: ToDo): Promise<void>
    /** Of one clinic, not done, oldest first; `after` is the last line of the page before. */
    open(clinicId: string, limit: number, after?: Pick<ToDo, 'id' | 'createdAt'>): Promise<readonly ToDo[]>
    /** Deletes lines whose `forgetAt` has come, done or not, so many at most; how many. */
    forget(now: Temporal.Instant, limit: number): Promise<number>
    nextForgetAt(): Promise<Temporal.Instant | undefined>
  }
  /** Texts that people sent us. */
  readonly inboundTexts: {
    /** False: it has been heard before (R30). `said`: a code of what was answered. */
    insert(text: InboundRecord): Promise<boolean>
    answer(id: string, said: string): Promise<void>
    /** The codes of what was answered to one number since then (included). */
    answersTo(contactHash: string, since: Temporal.Instant): Promise<readonly string[]>
  }
  /** What each number (E.164) was last asked by text. */
  readonly questions: {
    find(contact: string): Promise<Question | undefined>
    save(question: Question): Promise<void>
    close(contact: string): Promise<void>
  }
  /** Numbers whose owner said that they are not the patient's: nothing is texted there (rules.md section 4). */
  readonly wrongNumbers: {
    has(clinicId: string, contact: string): Promise<boolean>
    mark(clinicId: string, contact: string, at: Temporal.Instant): Promise<void>
    lift(clinicId: string, contact: string): Promise<void>
  }
  /** What was sent and what it cost (O21), and what the daily cap counts. */
  readonly usage: {
    save(row: UsageRow): Promise<void>
    find(attemptId: string): Promise<UsageRow | undefined>
    /** Automatic messages to one contact of a clinic since then (included), of the kinds the cap counts; refused ones reached nobody. */
    countTo(clinicId: string, contactHash: string, since: Temporal.Instant): Promise<number>
    /** Sums of one clinic between two instants (from included, until not), by channel and by automatic or manual; refused ones are apart and cost nothing. One sum for each currency, in the order of channels. */
    sums(clinicId: string, from: Temporal.Instant, until: Temporal.Instant): Promise<readonly UsageSum[]>
  }
  readonly statistics: StatisticsTable
  /** Sends of one clinic stopped until a person releases or drops them (R8). */
  readonly massHolds: {
    /** The newest that is still held. */
    open(clinicId: string): Promise<MassHold | undefined>
    /** The newest, whatever became of it: what a person released is not held again. */
    latest(clinicId: string): Promise<MassHold | undefined>
    /** Known by its clinic and `since`. */
    save(hold: MassHold): Promise<void>
  }
  /** Consent a person recorded; none: see Settings.consent (gate 7). */
  readonly consents: {
    find(clinicId: string, channel: ChannelKind, contact: string): Promise<Consent | undefined>
    /** The last word saved counts. */
    save(clinicId: string, channel: ChannelKind, contact: string, consent: Consent): Promise<void>
  }
  /** What patients chose on their page; `patients` gives it with their record. */
  readonly preferences: {
    find(patientId: PatientId): Promise<Preferences | undefined>
    save(patientId: PatientId, preferences: Preferences): Promise<void>
  }
  /** Wrong answers to a second factor, by what it protects. */
  readonly guesses: {
    find(subject: string): Promise<Guesses | undefined>
    save(subject: string, guesses: Guesses): Promise<void>
  }
  /** What patients typed before a visit (O16), until it is in the chart. */
  readonly questionnaireDrafts: {
    find(appointmentId: AppointmentId): Promise<QuestionnaireDraft | undefined>
    /** One of each appointment. */
    save(draft: QuestionnaireDraft): Promise<void>
    remove(appointmentId: AppointmentId): Promise<void>
    /** Whose time has come, the oldest first. */
    toForget(now: Temporal.Instant, limit: number): Promise<readonly QuestionnaireDraft[]>
    nextForgetAt(): Promise<Temporal.Instant | undefined>
  }
  /** How far a connector has asked its EHR, or heard it (watermarks, event numbers), by a name of the connector's choice. */
  readonly marks: {
    find(connectorId: ConnectorId, name: string): Promise<string | undefined>
    save(connectorId: ConnectorId, name: string, value: string, at: Temporal.Instant): Promise<void>
  }
  /** Diaries closed for a time (S23, S24; a busy Slot), or open again. */
  readonly blocks: {
    /** Known by clinic, agenda, start and end: the newest word is kept. */
    save(block: AgendaBlock): Promise<void>
    /** Of those that hold this instant (start included, end not), the one said last. */
    covering(clinicId: string, agendaKey: string, at: Temporal.Instant): Promise<AgendaBlock | undefined>
  }
  /** Who may sign in to the console. */
  readonly users: {
    find(id: string): Promise<User | undefined>
    byLogin(login: string): Promise<User | undefined>
    bySubject(issuer: string, subject: string): Promise<User | undefined>
    /** Rejects where the login, or the provider's subject, is another's. */
    save(user: User): Promise<void>
    /** In the order they were made; `after` is the last id of the page before. */
    list(limit: number, after?: string): Promise<readonly User[]>
    /** Operators of all clinics who can sign in, in the order they were made. */
    whoSeeAll(limit: number): Promise<readonly User[]>
  }
  readonly invitations: {
    find(tokenHash: string): Promise<Invitation | undefined>
    save(invitation: Invitation): Promise<void>
    remove(tokenHash: string): Promise<void>
    removeOfUser(userId: string): Promise<void>
    /** Deletes those whose time is over, so many at most; how many. */
    forget(now: Temporal.Instant, limit: number): Promise<number>
  }
  readonly sessions: {
    find(id: string): Promise<StoredSession | undefined>
    insert(session: StoredSession): Promise<void>
    /** Nothing where it was ended meanwhile: an end is not taken back. */
    update(session: StoredSession): Promise<void>
    remove(id: string): Promise<void>
    /** Whose end is last, first; some may be over. */
    ofUser(userId: string, limit: number): Promise<readonly StoredSession[]>
    /** All but that one; how many. */
    removeOfUser(userId: string, except?: string): Promise<number>
    /** Deletes those that are over, so many at most; how many. */
    forget(now: Temporal.Instant, limit: number): Promise<number>
  }
  readonly apiKeys: {
    find(id: string): Promise<ApiKey | undefined>
    save(key: ApiKey): Promise<void>
    /** In the order they were made, revoked ones too; `after` is the last id of the page before. */
    list(limit: number, after?: string): Promise<readonly ApiKey[]>
  }
  /** Set when the store came from a backup: nothing is sent until a person releases or drops it (R9). */
  readonly restoreHolds: {
    /** Whatever became of it. */
    latest(): Promise<RestoreHold | undefined>
    /** Known by its `since`. */
    save(hold: RestoreHold): Promise<void>
    /** Pending notifications of all clinics due at or before `until`, soonest first; `after` is the last one of the page before. */
    waiting(until: Temporal.Instant, after: Pick<Notification, 'id' | 'dueAt'> | undefined, limit: number): Promise<readonly Notification[]>
  }
  /** Patients who are to be forgotten (R39). */
  readonly erasures: {
    find(id: string): Promise<Erasure | undefined>
    save(erasure: Erasure): Promise<void>
    /** `confirmed`, and not done. */
    confirmed(limit: number): Promise<readonly Erasure[]>
  }
  readonly forgetting: ForgettingTable
  readonly shadow: ShadowTable
  /** Who is told of what happens, and what is on its way to them (an outbox). */
  readonly webhooks: {
    find(id: string): Promise<WebhookEndpoint | undefined>
    save(endpoint: WebhookEndpoint): Promise<void>
    /** In the order they were made. */
    ofClinic(clinicId: string, limit: number): Promise<readonly WebhookEndpoint[]>
    /** With all that was on its way there. */
    remove(id: string): Promise<void>
    /** False: this fact has been written down before. */
    insertEvent(event: WebhookEvent): Promise<boolean>
    findEvent(id: string): Promise<WebhookEvent | undefined>
    /** Of one clinic in that time (from included, until not), oldest first; `after` is the last of the page before. */
    events(clinicId: string, page: EventsPage): Promise<readonly WebhookEvent[]>
    /** One of each endpoint and event. */
    saveDelivery(delivery: WebhookDelivery): Promise<void>
    findDelivery(endpointId: string, eventId: string): Promise<WebhookDelivery | undefined>
    /** Pending and due, soonest first. */
    due(now: Temporal.Instant, limit: number): Promise<readonly WebhookDelivery[]>
    nextDueAt(): Promise<Temporal.Instant | undefined>
    /** Of one endpoint in one state, newest first; `before` is the last of the page before: its event and when it was made. */
    deliveries(
      endpointId: string,
      state: WebhookDelivery['state'],
      page: { readonly limit: number; readonly before?: { readonly id: string; readonly at: Temporal.Instant } },
    ): Promise<readonly WebhookDelivery[]>
    /** Deletes events of before then with their deliveries, so many at most; how many. */
    forget(before: Temporal.Instant, limit: number): Promise<number>
  }
  /** What requests with an Idempotency-Key were answered. */
  readonly idempotency: {
    find(key: string): Promise<AnsweredRequest | undefined>
    save(request: AnsweredRequest): Promise<void>
    remove(key: string): Promise<void>
    /** Deletes those whose time is over, so many at most; how many. */
    forget(now: Temporal.Instant, limit: number): Promise<number>
  }
  readonly audit: {
    append(entry: AuditEntry): Promise<void>
    /** Newest first. */
    of(subject: string, limit: number): Promise<readonly AuditEntry[]>
    /** Of everybody, newest first; `before` is the number of the last row of the page before. */
    latest(limit: number, before?: number): Promise<readonly (AuditEntry & { readonly seq: number })[]>
    /** Looks at the next so many rows of the chain behind `after` (absent: from its beginning): each that is not as it was written is named (R31). */
    verify(limit: number, after?: AuditLink): Promise<AuditSlice>
  }
}

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

/** What a private address opens. The token itself is kept nowhere (R26). */
export interface Link {
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string
  readonly appointmentId: AppointmentId
  readonly patientId: PatientId
  readonly notificationId: string
  readonly createdAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant
  /** It went to a test address, or was opened from one that did: who holds it is not the patient. */
  readonly redirected?: true
}

export interface UnsetKey {
  readonly clinicId: string
  readonly connectorId: ConnectorId
  readonly kind: 'agenda' | 'motif'
  readonly key: string
  readonly text?: string
  readonly count: number
  readonly firstSeenAt: Temporal.Instant
}

export interface TimeSpan {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
}

export interface StartingPage {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly limit: number
  /** Absent: of every agenda. */
  readonly agendaKey?: string
  readonly after?: { readonly id: AppointmentId; readonly start: Temporal.Instant }
}

/** One of the two; a name of at least one letter. */
export type PatientSearch = { readonly name: string } | { readonly birthDate: string }

export interface PatientFound {
  readonly patient: Patient
  /** What they were found by, folded as the search folds it. */
  readonly term: string
}

/** Where a page of a search ended. */
export interface PatientPlace {
  readonly id: PatientId
  readonly term: string
}

export interface EventsPage {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly limit: number
  readonly after?: Pick<WebhookEvent, 'id' | 'at'>
}

/** A request that may be made again by the same key. */
export interface AnsweredRequest {
  /** Of its caller and its Idempotency-Key; neither in clear. */
  readonly key: string
  /** SHA-256 of method, address and body, hex. */
  readonly requestHash: string
  readonly startedAt: Temporal.Instant
  readonly forgetAt: Temporal.Instant
  /** Absent while it is worked on, or where a crash cut it off. */
  readonly status?: number
  readonly body?: string
}

/** One person to telephone, and why no message will do. */
export interface ToCall {
  /** `appointment:news`: the same news is called once. */
  readonly id: string
  readonly clinicId: string
  readonly appointmentId: AppointmentId
  readonly patientId: PatientId
  readonly kind: NotificationKind
  /** The reason's code, of the last channel that was left. */
  readonly reason: string
  readonly start?: Temporal.Instant
  readonly createdAt: Temporal.Instant
  readonly doneAt?: Temporal.Instant
  readonly doneBy?: string
  /** What the patient was taken to know until the call, so that it can be undone. */
  readonly toldBefore?: Told
}

/** One text that came: no word of it, and its sender by a hash. */
export interface InboundRecord {
  readonly id: string
  readonly contactHash: string
  readonly receivedAt: Temporal.Instant
}

/** One message that left, or was refused by its provider. */
export interface UsageRow {
  readonly attemptId: string
  readonly clinicId: string
  readonly channel: ChannelKind
  readonly kind: NotificationKind
  readonly automatic: boolean
  /** Counts towards the daily cap. */
  readonly capped: boolean
  /** Salted hash of the contact. */
  readonly contactHash: string
  readonly sentAt: Temporal.Instant
  /** Of a text; 1 for the rest. */
  readonly segments: number
  /** In ten-thousandths of the currency; 0 for e-mail (O19). */
  readonly price: number
  readonly currency: string
  readonly refused: boolean
}

export interface UsageSum {
  readonly channel: ChannelKind
  readonly automatic: boolean
  readonly refused: boolean
  readonly messages: number
  readonly segments: number
  readonly price: number
  readonly currency: string
}

/** What a row of the figures counts: an appointment, or a message by one channel. */
export type CountedAs = Attendance | `${ChannelKind}.${Carried}`

/** Whose figures: the whole clinic's, of one agenda or motif (an empty key: of what has none), or what was confirmed so long before the start. */
export type FiguresOf =
  | { readonly scope: 'all' }
  | { readonly scope: 'agenda' | 'motif'; readonly key: string }
  | { readonly scope: 'lead'; readonly lead: Lead }

/** How many wait for a person; a thousand at most of each of the first three. */
export interface Waiting {
  readonly toCall: number
  readonly toDo: number
  readonly appointmentsHeld: number
  /** By reason. */
  readonly sendsHeld: Readonly<Record<string, number>>
}

/** The figures of each day, kept beside what they count; days are local, since 1970, `until` is not included. They stay when what they counted is forgotten. */
export interface StatisticsTable {
  /** Soonest first; a day may hold a zero. */
  days(
    clinicId: string,
    of: FiguresOf,
    from: number,
    until: number,
  ): Promise<readonly { readonly day: number; readonly as: CountedAs; readonly number: number }[]>
  sums(
    clinicId: string,
    of: FiguresOf,
    from: number,
    until: number,
  ): Promise<readonly { readonly as: CountedAs; readonly number: number }[]>
  waiting(clinicId: string): Promise<Waiting>
  /** Counts again all days from that one on, of what is kept now. */
  recount(clinicId: string, from: number): Promise<void>
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

export interface Consent {
  readonly state: 'given' | 'withdrawn'
  readonly at: Temporal.Instant
  readonly by: string
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

/** `asked` by one act, `confirmed` by another, and then carried out. */
export interface Erasure {
  readonly id: string
  readonly clinicId: string
  /** Gone once it is done. */
  readonly patientId?: PatientId
  /** Salted with the erasure's id: whoever knows the patient can tell that it was they. */
  readonly patientHash: string
  readonly state: 'asked' | 'confirmed' | 'done'
  readonly askedAt: Temporal.Instant
  readonly askedBy: string
  readonly confirmedBy?: string
  /** How far the envelopes have been looked through, by the last id. */
  readonly after?: string
  /** What is gone so far. */
  readonly appointments: number
  readonly envelopes: number
  readonly doneAt?: Temporal.Instant
}

/** Deletes for good what is kept no longer, and what a patient may ask to have forgotten (R39). */
export interface ForgettingTable {
  /** Settled before then, and the last of no appointment; the oldest first. */
  envelopes(before: Temporal.Instant, limit: number): Promise<readonly { readonly id: string; readonly archived: boolean }[]>
  /** All there are, in the order of their ids, with the bodies that are not in the archive; `pinned`: the last of an appointment. */
  envelopesAfter(id: string, limit: number): Promise<readonly { readonly row: InboxRow; readonly pinned: boolean }[]>
  /** Of an appointment that stays, the bytes alone. What the archive has of it is the caller's to remove. */
  forgetEnvelope(id: string): Promise<void>
  /** Of one clinic, which started before then, the oldest first. */
  appointments(clinicId: string, before: Temporal.Instant, limit: number): Promise<readonly AppointmentId[]>
  appointmentsOf(patientId: PatientId): Promise<readonly AppointmentId[]>
  /** And all that hangs on it; the details of its audit go, the rows stay. The sums of usage stay. Its patient, where it was their last. */
  forgetAppointment(id: AppointmentId): Promise<PatientId | undefined>
  /** Records that were merged into this one. */
  priorIdsOf(patientId: PatientId): Promise<readonly PatientId[]>
  forgetPatient(id: PatientId): Promise<void>
  /** Consents, opt-outs and marks of one phone number or address. */
  forgetContact(clinicId: string, contact: string): Promise<void>
  /** Lines of the staff's inbox. */
  forgetToDo(isMeant: (line: ToDo) => boolean): Promise<void>
  /** Heard before then, so many at most; how many. */
  inboundTexts(before: Temporal.Instant, limit: number): Promise<number>
  /** Over before then. */
  questions(before: Temporal.Instant, limit: number): Promise<number>
  /** Of acts before then; the rows and the chain stay (R31). */
  auditDetails(before: Temporal.Instant, limit: number): Promise<number>
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

/** Envelopes that are settled, sealed and out of the way. Losing it loses history only. */
export interface Archive {
  put(id: string, body: Uint8Array): Promise<void>
  get(id: string): Promise<Uint8Array | undefined>
  /** Where there is none, nothing happens. */
  remove(id: string): Promise<void>
  close(): Promise<void>
}
