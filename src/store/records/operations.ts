import { instant, number, oneOf, optional, record, text } from '../codec.ts'
import type { Erasure } from '../port/forgetting.ts'
import type { RestoreHold } from '../port/holds.ts'

export const restoreHoldRecord = record<RestoreHold>({
  since: instant,
  backupAt: instant,
  state: oneOf<RestoreHold['state']>({ held: true, released: true, dropped: true }),
  settledAt: optional(instant),
  settledBy: optional(text),
})

export const erasureRecord = record<Erasure>({
  id: text,
  clinicId: text,
  patientId: optional(text),
  patientHash: text,
  state: oneOf<Erasure['state']>({ asked: true, confirmed: true, done: true }),
  askedAt: instant,
  askedBy: text,
  confirmedBy: optional(text),
  after: optional(text),
  appointments: number,
  envelopes: number,
  doneAt: optional(instant),
})
