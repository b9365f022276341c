import type { Appointment } from './appointment.ts'
import type { SenderRule, Settings } from './settings.ts'
import { agendaOf, NO_MOTIF } from './settings.ts'

/** In the sender-of-record map, us. */
const OURSELVES = 'rappel'

/** Who else notifies of this appointment (gate 0), by the first rule that fits; undefined: we do. */
export function otherSender(settings: Settings, appointment: Appointment): string | undefined {
  const rule = settings.senders.find((each) => fits(each, settings, appointment))
  return rule && rule.sender !== OURSELVES ? rule.sender : undefined
}

/** An unknown origin counts as staff (rules.md, Words). */
function fits({ motif, professionalType, origin }: SenderRule, settings: Settings, appointment: Appointment): boolean {
  if (motif !== undefined && motif !== (appointment.motif?.key ?? NO_MOTIF)) return false
  if (professionalType !== undefined && professionalType !== agendaOf(settings, appointment).professionalType) return false
  return origin === undefined || origin === appointment.origin || (origin === 'staff' && appointment.origin === 'unknown')
}
