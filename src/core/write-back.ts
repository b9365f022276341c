import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from './appointment.ts'
import type { ConnectorId } from './envelope.ts'

export type WriteBackKind = 'confirm' | 'cancel' | 'arrive' | 'answers'

/**
 * `queued` → `sending` → `acknowledged` → `verified` (the EHR's own word came back the same),
 * or `withdrawn` (undone, or overtaken by a newer answer), `stale` (the appointment is no longer the one that was answered),
 * `failed` (the EHR refused it, or it could not be brought: a person must), `unknown` is not a state: it is tried again, same id.
 */
export type WriteBackState = 'queued' | 'sending' | 'acknowledged' | 'verified' | 'withdrawn' | 'stale' | 'failed'

/** What the EHR must learn from one answer of a patient. */
export interface WriteBack {
  /** `appointment:kind:basis`: the same answer given twice is written once. */
  readonly id: string
  readonly appointmentId: AppointmentId
  readonly connectorId: ConnectorId
  readonly ehrId: string
  /** The patient at the EHR, to find the participant who answered. */
  readonly patientEhrId: string
  readonly kind: WriteBackKind
  /** The start that was answered; another one at the EHR makes the answer stale (WB-1). */
  readonly start: Temporal.Instant
  /** When the patient answered. */
  readonly answeredAt: Temporal.Instant
  /** Not before: a cancellation waits for its undo window. Also the stamp of the message, so that a resend is byte for byte the same. */
  readonly dueAt: Temporal.Instant
  readonly state: WriteBackState
  readonly reason?: string
  readonly attempts: number
  /** When the EHR acknowledged it, and when its own word said the same. */
  readonly acknowledgedAt?: Temporal.Instant
  readonly verifiedAt?: Temporal.Instant
  readonly nextTryAt: Temporal.Instant
}

/** Named by what may safely happen next. */
export type WriteBackOutcome =
  /** The EHR took it; `verified`: it also read back so. */
  | { readonly kind: 'applied'; readonly verified: boolean; readonly etag?: string }
  /** The appointment at the EHR is no longer the one that was answered: nothing was written. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** Will never be taken: a person must. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certainly not written: try again. */
  | { readonly kind: 'deferred'; readonly reason: string; readonly retryAfter?: Temporal.Duration }
  /** Perhaps written: only the same message with the same id may be sent again. */
  | { readonly kind: 'unknown'; readonly reason: string }
