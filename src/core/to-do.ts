import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from './appointment.ts'
import type { SendOutcome } from './delivery.ts'
import type { PatientId } from './patient.ts'

/**
 * What a person of the clinic must see to, beside those to telephone:
 * `reply` a patient wrote in words of their own · `ambiguous` an answer that may be of several appointments, or mean two things ·
 * `cancel_asked` they cannot come, and no longer may, or never might, cancel by themselves · `wrong_number` the number is somebody else's ·
 * `modality_conflict` two sources disagree on how one comes · `write_back` the EHR did not take an answer: it is written there by hand ·
 * `webhook` another system is told no more, because it took nothing for days.
 */
export type ToDoKind = 'reply' | 'ambiguous' | 'cancel_asked' | 'wrong_number' | 'modality_conflict' | 'write_back' | 'webhook'

/** One line of the staff's inbox. */
export interface ToDo {
  readonly id: string
  readonly clinicId: string
  readonly kind: ToDoKind
  readonly appointmentId?: AppointmentId
  readonly patientId?: PatientId
  /** E.164: who wrote. */
  readonly contact?: string
  /** What they wrote, word for word. */
  readonly text?: string
  /** A code: the answer's kind, what the EHR said no with. */
  readonly reason?: string
  readonly createdAt: Temporal.Instant
  /** What they wrote is kept no longer than this. */
  readonly forgetAt: Temporal.Instant
  readonly doneAt?: Temporal.Instant
  readonly doneBy?: string
  /** What staff texted back, oldest first. */
  readonly answers?: readonly StaffAnswer[]
}

/** One text of the staff's to whoever wrote: written down before it is sent (law 3). */
export interface StaffAnswer {
  /** As sent. */
  readonly text: string
  readonly at: Temporal.Instant
  readonly by: string
  /** Absent while it is under way, and for ever if we crashed meanwhile: it may have left. */
  readonly outcome?: SendOutcome['kind']
  readonly reason?: string
}

/** How long a line is kept, done or not. */
const kept = { hours: 90 * 24 }

export function newToDo(line: Omit<ToDo, 'createdAt' | 'forgetAt'>, now: Temporal.Instant): ToDo {
  return { ...line, createdAt: now, forgetAt: now.add(kept) }
}
