import type { ToDo } from '../../core/to-do.ts'
import { instant, oneOf, optional, record, text } from '../codec.ts'

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
})
