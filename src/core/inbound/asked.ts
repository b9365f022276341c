import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import { confirmationBasis, isConfirmed } from '../appointment.ts'
import type { Patient } from '../patient.ts'
import type { ReplyDecision, ReplyKind } from '../reply.ts'
import { decideReply, isCancelling, isOnItsWay } from '../reply.ts'
import type { Settings } from '../settings.ts'
import type { Facts, Told } from '../told.ts'
import { factsOf } from '../told.ts'
import { confirmState } from '../window.ts'
import type { WriteBack, WriteBackKind } from '../write-back.ts'
import type { Question } from './question.ts'

/** An appointment ahead of which the number that answers had a text. */
export interface Asked {
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly told?: Told
  readonly writeBacks: readonly WriteBack[]
  /** What its EHR accepts back (WB-6). */
  readonly writes: ReadonlySet<WriteBackKind>
  /** What the last text of it said, and when: that is what is answered, whatever is true since (MOD-5). */
  readonly says: Facts
  readonly textedAt: Temporal.Instant
}

/** It waits for a yes: inside its 48 h, and neither confirmed nor called off. A text of what is no longer true waits too: its answer is stale. */
export function isOpen({ appointment, writeBacks, writes }: Asked, now: Temporal.Instant): boolean {
  const { status, start, holds } = appointment
  if (status !== 'booked' || !start || holds.length > 0 || !writes.has('confirm')) return false
  if (isConfirmed(appointment) || isOnItsWay(appointment, writeBacks, 'confirm') || isCancelling(appointment, writeBacks)) return false
  return confirmState(start, now) === 'open'
}

/** It may still be called off, as far as the patient knows. */
export function stands({ appointment, writeBacks }: Asked): boolean {
  return appointment.status === 'booked' && appointment.holds.length === 0 && !isCancelling(appointment, writeBacks)
}

/** Decided like an answer from the page, on what this text is an answer to. */
export function decideFor(asked: Asked, kind: ReplyKind, question: Question | undefined, now: Temporal.Instant): ReplyDecision {
  const { appointment, patient, settings, told, writeBacks, writes } = asked
  return decideReply({
    kind,
    appointment,
    patientEhrId: patient.ehrId,
    settings,
    ...(told && { told }),
    writeBacks,
    basis: basisAnswered(asked, question),
    writes,
    now,
  })
}

/** What they had read: our question, if we asked one of it since, else the text. */
function basisAnswered({ appointment, says }: Asked, question: Question | undefined): string {
  const option = question?.options.find(({ appointmentId }) => appointmentId === appointment.id)
  if (option) return option.basis
  const { stands, start, zone, place, modality } = factsOf(appointment)
  const isStill =
    says.stands === stands &&
    says.zone === zone &&
    says.place === place &&
    says.modality === modality &&
    says.start?.epochMilliseconds === start?.epochMilliseconds
  return isStill ? confirmationBasis(appointment) : 'another'
}
