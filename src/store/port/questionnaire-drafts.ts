import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { QuestionnaireDraft } from '../../core/questionnaire/draft.ts'

/** What patients typed before a visit (O16), until it is in the chart. */
export interface QuestionnaireDraftsTable {
  find(appointmentId: AppointmentId): Promise<QuestionnaireDraft | undefined>
  /** One of each appointment. */
  save(draft: QuestionnaireDraft): Promise<void>
  remove(appointmentId: AppointmentId): Promise<void>
  /** Whose time has come, the oldest first. */
  toForget(now: Temporal.Instant, limit: number): Promise<readonly QuestionnaireDraft[]>
  nextForgetAt(): Promise<Temporal.Instant | undefined>
}
