import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../appointment.ts'
import type { PatientId } from '../patient.ts'
import type { AnswerSheet } from './answer-sheet.ts'
import type { Typed } from './typed.ts'

/** What one patient has typed before one appointment, and what was handed in of it. */
export interface QuestionnaireDraft {
  readonly appointmentId: AppointmentId
  /** Whoever else the appointment comes to be of sees nothing of it. */
  readonly patientId: PatientId
  /** Which one it fills in: `Questionnaire/avant-visite`. */
  readonly reference: string
  readonly typed: Typed
  readonly savedAt: Temporal.Instant
  /** The last one handed in, and the write-back that brings it to the EHR. */
  readonly submitted?: { readonly writeBackId: string; readonly at: Temporal.Instant; readonly sheet: AnswerSheet }
  /** Nothing of it is kept after. */
  readonly forgetAt: Temporal.Instant
}

/** Whatever was not handed in, or not seen in the chart, goes after this. */
export const keptAfterVisit = { hours: 30 * 24 } as const
/** Once the EHR's own word shows it there, it is the EHR's to keep. */
export const keptOnceVerified = { hours: 7 * 24 } as const
