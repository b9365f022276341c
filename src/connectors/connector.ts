import type { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../core/change.ts'
import type { ConnectorId, Envelope, Fault } from '../core/envelope.ts'
import type { Bilingual } from '../core/explain/words.ts'
import type { News } from '../core/news.ts'
import type { AnswerSheet } from '../core/questionnaire/answer-sheet.ts'
import type { WriteBack, WriteBackKind, WriteBackOutcome } from '../core/write-back.ts'

/** An EHR, seen from here. A function `name(options): Connector` makes one; it holds no patient. */
export interface Connector {
  readonly id: ConnectorId
  /** Below which path the web server serves it: `/hl7`, `/fhir`. */
  readonly protocol: 'hl7v2' | 'fhir'
  /** What this EHR accepts back. */
  readonly writes: ReadonlySet<WriteBackKind>
  /** Serves the connector's own sockets until aborted, then finishes the message in hand; resolves at once where it has none. Rejects if it cannot listen. */
  listen(receive: Receive, signal: AbortSignal): Promise<void>
  /** Serves one HTTP request below the connector's path (`/hl7/:connector`, `/fhir/:connector/*`), authentication included. `path` is what follows it, without a slash before. */
  handle(request: Request, path: string, receive: Receive): Promise<Response>
  /** Pure: the same envelope always reads the same. */
  read(envelope: Envelope): ReadResult
  /** Turns a hint into envelopes that can be read, by asking the EHR. Only called with what `read` calls a hint. */
  readBack(hint: Envelope, signal: AbortSignal): Promise<ReadBack>
  /** Reads these appointments again just before something is said of them, 50 at most. Absent: this EHR cannot be asked. */
  reread?(ehrIds: readonly string[], signal: AbortSignal): Promise<ReadBack>
  /** Asks for whatever changed since `mark`, its own of the last time; none: the initial load, whose envelopes are imports. Absent: this EHR cannot be asked. */
  poll?(mark: string | undefined, signal: AbortSignal): Promise<Poll>
  /** Creates the EHR's subscription to us, or revives it; called every few minutes. Absent: nothing to look after. */
  tend?(signal: AbortSignal): Promise<Tended>
  /** Brings one answer to the EHR. Never throws for what the EHR does. */
  write(request: WriteRequest, signal: AbortSignal): Promise<WriteBackOutcome>
  /** What a person who sets it up should know of this EHR as it is now; nothing is changed there. Never throws for what the EHR does. Absent: nothing can be told. */
  examine?(signal: AbortSignal): Promise<readonly Finding[]>
}

/** For staff, so without patients. `bad`: something that is wanted does not work; `warn`: it works, but not as one might think. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'bad'
  readonly says: Bilingual
  /** What to do about it. */
  readonly fix?: Bilingual
}

export type ReadResult = {
  /** Names the message at its sender (V2-DUP-1; `Appointment/12/_history/3`): same identity and same bytes are one message. Absent: none can be told. */
  readonly identity?: string
  /** Its number in its sender's own count (MSH-10), where that counts: a number left out is a message lost. */
  readonly counter?: { readonly source: string; readonly number: number }
} & (
  | { readonly kind: 'changes'; readonly changes: readonly AppointmentChange[]; readonly news?: readonly News[] }
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Says only that something changed: read it back from the EHR before acting (FHIR-SUB-3). */
  | { readonly kind: 'hint' }
  | { readonly kind: 'unreadable'; readonly fault: Fault }
)

export type ReadBack =
  /** `poll`: more changed than it names, or may have: poll at once. */
  | { readonly kind: 'read'; readonly envelopes: readonly Envelope[]; readonly poll?: true }
  /** The EHR did not answer, or not yet: ask again. */
  | { readonly kind: 'deferred'; readonly reason: string; readonly retryAfter?: Temporal.Duration }
  /** The EHR will never answer this: a person must look. */
  | { readonly kind: 'refused'; readonly fault: Fault }

export type Poll =
  /** `mark` is kept once every envelope is. `more`: ask again at once. */
  | {
      readonly kind: 'read'
      readonly envelopes: readonly Envelope[]
      readonly mark: string
      readonly more: boolean
      readonly whole?: Whole
    }
  | Exclude<ReadBack, { kind: 'read' }>

/** The ids of all that the EHR holds and that starts in that time: what we hold and it does not name is read again, by `reread` (FHIR-POLL-3). */
export interface Whole {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly ehrIds: ReadonlySet<string>
}

/** What became of the EHR's subscription. Anything but `well` asks for a poll at once; `trouble` is an alarm. */
export type Tended =
  | { readonly kind: 'well' }
  | { readonly kind: 'revived'; readonly reason: string }
  | { readonly kind: 'trouble'; readonly reason: string }

/** What became of an envelope. It is durable when this is known. */
export interface Receipt {
  readonly disposition: 'applied' | 'accepted' | 'ignored' | 'quarantined'
  /** The same message was received before; the disposition is the one of then. */
  readonly duplicate: boolean
  readonly fault?: Fault
}

/**
 * Resolves once the envelope is durable. Rejects when it could not be kept (store down, disk full, stopping):
 * the connector then answers nothing, or 503, and never a refusal (V2-ACK-4).
 */
export type Receive = (envelope: Envelope) => Promise<Receipt>

export interface WriteRequest {
  readonly writeBack: WriteBack
  /** The last envelope of the appointment, to echo what the EHR said (WB-V2-1). */
  readonly lastEnvelope?: Envelope
  /** Of a write-back of `answers`: what was answered (O16). */
  readonly answers?: AnswerSheet
}
