import type { StaffAnswer, ToDo } from '../../core/to-do.ts'
import { instant, list, oneOf, optional, record, text } from '../codec.ts'

const answer = record<StaffAnswer>({
  text,
  at: instant,
  by: text,
  outcome: optional(oneOf<NonNullable<StaffAnswer['outcome']>>({ accepted: true, rejected: true, deferred: true, unknown: true })),
  reason: optional(text),
})

export const toDoRecord = record<ToDo>({
  id: text,
  clinicId: text,
  kind: oneOf<ToDo['kind']>({
    reply: true,
    ambiguous: true,
    cancel_asked: true,
    wrong_number: true,
    modality_conflict: true,
    write_back: true,
    webhook: true,
  }),
  appointmentId: optional(text),
  patientId: optional(text),
  contact: optional(text),
  text: optional(text),
  reason: optional(text),
  createdAt: instant,
  forgetAt: instant,
  doneAt: optional(instant),
  doneBy: optional(text),
  answers: optional(list(answer)),
})
