import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import type { Envelope } from './envelope.ts'
import type { PlanInput } from './plan.ts'
import type { Stamp } from './stamp.ts'
import type { Told } from './told.ts'

export interface Hearing {
  readonly before: Appointment | undefined
  readonly told: Told | undefined
  readonly stamp: Stamp
  readonly purpose: Envelope['purpose']
  readonly maxEventAge: Temporal.Duration | undefined
  readonly now: Temporal.Instant
}

/**
 * V2-ORD-6: an initial load is told to nobody; nor is a booking that is first heard of long after it was made, with what else became of it
 * meanwhile. What the patient was told otherwise is never kept from them, however late we hear of it.
 */
export function causeOf({ before, told, stamp, purpose, maxEventAge, now }: Hearing): PlanInput['cause'] {
  if (purpose === 'import') return 'import'
  const isLate = maxEventAge !== undefined && Temporal.Instant.compare(stamp.at.add(maxEventAge), now) < 0
  return isLate && (!before || told?.assumed === 'late') ? 'late' : 'ehr'
}
