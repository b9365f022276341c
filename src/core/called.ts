import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import type { Told } from './told.ts'
import { basisOf, factsOf } from './told.ts'

/**
 * What the patient knows once somebody has telephoned about the news with this basis; undefined where later news has reached them since,
 * or they were taken to know already. It is not said again by a message.
 */
export function toldByCall(basis: string, appointment: Appointment, told: Told | undefined, now: Temporal.Instant): Told | undefined {
  if (basis !== basisOf(told)) return undefined
  return { facts: factsOf(appointment), version: (told?.version ?? 0) + 1, by: 'call', at: now, assumed: 'called' }
}
