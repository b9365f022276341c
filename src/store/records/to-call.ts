import { instant, optional, record, text } from '../codec.ts'
import type { ToCall } from '../port/staff-lists.ts'
import { kind } from './notification.ts'
import { toldRecord } from './told.ts'

export const toCallRecord = record<ToCall>({
  id: text,
  clinicId: text,
  appointmentId: text,
  patientId: text,
  kind,
  reason: text,
  start: optional(instant),
  createdAt: instant,
  doneAt: optional(instant),
  doneBy: optional(text),
  toldBefore: optional(toldRecord),
})
