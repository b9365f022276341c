import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId, Aspect } from './appointment.ts'
import { confirmationBasis, isCancelled, isConfirmed, isUpcoming } from './appointment.ts'
import type { AppointmentChange } from './change.ts'
import { nextTryAt } from './delivery.ts'
import type { ConnectorId } from './envelope.ts'
import type { PatientId } from './patient.ts'
import type { Stamp } from './stamp.ts'
import { compareStamps } from './stamp.ts'

export type WriteBackKind = 'confirm' | 'cancel' | 'arrive' | 'answers'

/**
 * `queued` → `sending` → `acknowledged` → `verified` (the EHR's own word came back the same),
 * or `withdrawn` (undone, or overtaken by a newer answer), `stale` (the appointment is no longer the one that was answered),
 * `failed` (the EHR refused it, or it could not be brought: a person must), `unknown` is not a state: it is tried again, same id.
 */
export type WriteBackState = 'queued' | 'sending' | 'acknowledged' | 'verified' | 'withdrawn' | 'stale' | 'failed'

/** What the EHR must learn from one answer of a patient. */
export interface WriteBack {
  /** `appointment:kind:revision:answered`: names it at the EHR too, so that a resend is seen to be one. */
  readonly id: string
  readonly appointmentId: AppointmentId
  readonly connectorId: ConnectorId
  readonly ehrId: string
  /** The patient at the EHR, to find the participant who answered. */
  readonly patientEhrId: string
  readonly kind: WriteBackKind
  /** The start that was answered; another one at the EHR makes the answer stale (WB-1). */
  readonly start: Temporal.Instant
  /** `confirmationBasis` of what was answered: a confirmation is of an hour, a place and a way to come (MOD-5). Absent in rows of before it was kept. */
  readonly basis?: string
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
  /** The EHR took it; `verified`: it also read back so; where it did not, `reason` says what there is instead. */
  | {
      readonly kind: 'applied'
      readonly verified: boolean
      readonly etag?: string
      readonly reason?: string
      /** When, by the EHR's own clock, as far as its answer says. */
      readonly at?: Temporal.Instant
    }
  /** The appointment at the EHR is no longer the one that was answered: nothing was written. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** Will never be taken: a person must. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certainly not written: try again. */
  | { readonly kind: 'deferred'; readonly reason: string; readonly retryAfter?: Temporal.Duration }
  /** Perhaps written: only the same message with the same id may be sent again. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** The write-back after the EHR answered. What may be tried again is, with the same id, while the list of waits lasts. */
export function settleWriteBack(
  writeBack: WriteBack,
  outcome: WriteBackOutcome,
  now: Temporal.Instant,
  schedule: readonly Temporal.Duration[],
): WriteBack {
  switch (outcome.kind) {
    case 'applied': {
      const { reason: _, ...taken } = writeBack
      return outcome.verified
        ? { ...taken, state: 'verified', acknowledgedAt: now, verifiedAt: now }
        : { ...taken, state: 'acknowledged', acknowledgedAt: now, ...(outcome.reason !== undefined && { reason: outcome.reason }) }
    }
    case 'conflict':
      return { ...writeBack, state: 'stale', reason: outcome.reason }
    case 'refused':
      return { ...writeBack, state: 'failed', reason: outcome.reason }
    case 'deferred':
    case 'unknown': {
      const retryAfter = outcome.kind === 'deferred' ? outcome.retryAfter : undefined
      const at = nextTryAt(writeBack.attempts, now, schedule, retryAfter)
      return at
        ? { ...writeBack, state: 'queued', reason: outcome.reason, nextTryAt: at }
        : { ...writeBack, state: 'failed', reason: outcome.reason }
    }
    default:
      return outcome satisfies never
  }
}

/**
 * The appointment once the EHR took the answer: its echo then brings nothing new, and a later word of the EHR still wins (law 5), which
 * is later by its clock: `takenAt`, where the EHR says it.
 * Unchanged when it is no longer what the patient answered, or when its status has gone where the answer does not lead.
 */
export function withAnswer(appointment: Appointment, writeBack: WriteBack, now: Temporal.Instant, takenAt?: Temporal.Instant): Appointment {
  if (!isAnswerTo(writeBack, appointment)) return appointment
  const at = takenAt && Temporal.Instant.compare(takenAt, now.add(believable)) < 0 ? takenAt : now
  const base = { ...appointment, revision: appointment.revision + 1, changedAt: now }
  switch (writeBack.kind) {
    case 'confirm': {
      const confirmation = {
        state: 'confirmed' as const,
        by: 'patient' as const,
        at: writeBack.answeredAt,
        basis: confirmationBasis(appointment),
      }
      return { ...base, confirmation, said: answered(appointment, 'confirmation', at) }
    }
    case 'cancel':
      if (isCancelled(appointment)) return appointment
      return { ...base, status: 'cancelled', cancelKind: 'cancelled', said: answered(appointment, 'status', at) }
    case 'arrive':
      if (!isUpcoming(appointment)) return appointment
      return { ...base, status: 'arrived', said: answered(appointment, 'status', at) }
    case 'answers':
      return appointment
    default:
      return writeBack.kind satisfies never
  }
}

/** A clock further ahead than this would keep us from hearing the EHR for as long. */
const believable = Temporal.Duration.from({ minutes: 10 })

/** No earlier than the EHR's own last word, or a replay of that would undo the answer. */
function answered({ said }: Appointment, aspect: Aspect, at: Temporal.Instant): Appointment['said'] {
  const ours: Stamp = { at }
  const theirs = said[aspect]
  return { ...said, [aspect]: theirs && compareStamps(theirs, ours) > 0 ? theirs : ours }
}

/** It was given to the appointment as it is now: a confirmation to that hour, place and way to come, any other answer to that start (MOD-5); what a questionnaire says of the patient holds at any hour. */
export function isAnswerTo({ kind, start, basis }: WriteBack, appointment: Appointment): boolean {
  if (kind === 'answers') return true
  if (!appointment.start?.equals(start)) return false
  return kind !== 'confirm' || basis === undefined || basis === confirmationBasis(appointment)
}

/** The answer once its appointment is somebody else's than `from`: given to what it still is but for the patient, it stands (MOD-5). */
export function passedOn(writeBack: WriteBack, appointment: Appointment, from: PatientId | undefined): WriteBack {
  const { patientId: _, ...rest } = appointment
  const before = confirmationBasis({ ...rest, ...(from !== undefined && { patientId: from }) })
  return writeBack.basis === before ? { ...writeBack, basis: confirmationBasis(appointment) } : writeBack
}

/** The appointment is as the patient answered: of one we have not written yet, the EHR itself must have said so. */
export function isTrueOf(writeBack: WriteBack, appointment: Appointment): boolean {
  if (!isAnswerTo(writeBack, appointment)) return false
  const { kind } = writeBack
  switch (kind) {
    case 'confirm':
      return isConfirmed(appointment)
    case 'cancel':
      return isCancelled(appointment)
    case 'arrive':
      return appointment.status === 'arrived' || appointment.status === 'checked-in'
    case 'answers':
      return false
    default:
      return kind satisfies never
  }
}

/** The EHR's own word says what we wrote: the only proof that it is in the chart (decision 5 of interop.md). What we believe already proves nothing. */
export function isReflected(writeBack: WriteBack, said: AppointmentChange): boolean {
  const status = said.status?.value
  switch (writeBack.kind) {
    case 'confirm':
      return said.confirmation === 'confirmed' && (!said.time || said.time.start.equals(writeBack.start))
    case 'cancel':
      return status === 'cancelled' || status === 'entered-in-error'
    case 'arrive':
      return status === 'arrived' || status === 'checked-in'
    case 'answers':
      return false
    default:
      return writeBack.kind satisfies never
  }
}
