import type { WriteBack } from '../../core/write-back.ts'
import { instant, number, oneOf, optional, record, text } from '../codec.ts'

export const writeBackRecord = record<WriteBack>({
  id: text,
  appointmentId: text,
  connectorId: text,
  ehrId: text,
  patientEhrId: text,
  kind: oneOf<WriteBack['kind']>({ confirm: true, cancel: true, arrive: true, answers: true }),
  start: instant,
  basis: optional(text),
  answeredAt: instant,
  dueAt: instant,
  state: oneOf<WriteBack['state']>({
    queued: true,
    sending: true,
    acknowledged: true,
    verified: true,
    withdrawn: true,
    stale: true,
    failed: true,
  }),
  reason: optional(text),
  attempts: number,
  acknowledgedAt: optional(instant),
  verifiedAt: optional(instant),
  nextTryAt: instant,
})
