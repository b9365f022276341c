import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import { isCancelled, isConfirmed } from './appointment.ts'
import type { NotificationState } from './notification.ts'

/** What an appointment counts as, on the day it starts: one of these. */
export type Attendance = 'open' | 'confirmed' | 'cancelled' | 'missed'

/** What a message counts as, on the day it left: one of these. */
export type Carried = 'sent' | 'delivered' | 'failed' | 'in_doubt'

/** How long before the start a patient confirmed: less than so many hours; the last is all that is earlier. */
export const leads = ['2', '6', '12', '24', '36', '48', 'more'] as const
export type Lead = (typeof leads)[number]

/** Whoever was missed was not there, whatever they had answered. Undefined: it is none that a patient was to come to. */
export function attendanceOf(appointment: Appointment): Attendance | undefined {
  const { status, start, tombstone } = appointment
  if (!start || tombstone || status === 'entered-in-error' || status === 'proposed' || status === 'waitlist') return undefined
  if (isCancelled(appointment)) return 'cancelled'
  if (status === 'noshow') return 'missed'
  return isConfirmed(appointment) ? 'confirmed' : 'open'
}

/** Of what the patient confirmed by us; what the EHR was told by telephone says nothing of when. */
export function leadOf({ start, confirmation }: Appointment): Lead | undefined {
  if (!start || confirmation?.state !== 'confirmed' || confirmation.by !== 'patient') return undefined
  const hours = hoursBetween(confirmation.at, start)
  return leads.find((lead) => hours < Number(lead)) ?? 'more'
}

function hoursBetween(from: Temporal.Instant, until: Temporal.Instant): number {
  return (until.epochMilliseconds - from.epochMilliseconds) / 3_600_000
}

/** It has left, or was refused; what waits, was withheld, or is on its way counts as nothing yet. */
export function carriedOf(state: NotificationState): Carried | undefined {
  return state === 'sent' || state === 'delivered' || state === 'failed' || state === 'in_doubt' ? state : undefined
}
