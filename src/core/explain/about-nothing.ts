import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import type { Settings } from '../settings.ts'

/** For words about a reason that is shared by many, or by none: nothing of any appointment is named. */
export function aboutNothing({ clinic }: Settings, now: Temporal.Instant): Appointment {
  return {
    id: '',
    clinicId: clinic.id,
    connectorId: '',
    ehrId: '',
    status: 'booked',
    zone: clinic.zone,
    modality: 'unknown',
    origin: 'unknown',
    holds: [],
    warnings: [],
    said: {},
    revision: 0,
    firstSeenAt: now,
    changedAt: now,
  }
}
