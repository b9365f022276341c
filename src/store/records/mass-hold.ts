import { instant, number, oneOf, optional, record, text } from '../codec.ts'
import type { MassHold } from '../port/holds.ts'

export const massHoldRecord = record<MassHold>({
  clinicId: text,
  since: instant,
  seen: number,
  usual: number,
  agendas: number,
  state: oneOf<MassHold['state']>({ held: true, released: true, dropped: true }),
  settledAt: optional(instant),
  settledBy: optional(text),
})
