import type { Appointment } from '../../../core/appointment.ts'
import { isConfirmed, isExcused } from '../../../core/appointment.ts'
import { statusWords } from '../../../core/explain/appointment-words.ts'
import type { Patient } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import { agendaKeyOf, NO_MOTIF } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import { capitalise, oneLine } from '../../../core/words/typography.ts'
import type { Tint } from '../parts/tag.tsx'

/** As the clinic calls it, else as the EHR does. */
export function agendaName(settings: Settings, appointment: Appointment): string | undefined {
  const key = agendaKeyOf(settings, appointment)
  if (key === undefined) return undefined
  const own = Object.hasOwn(settings.agendas, key) ? settings.agendas[key]?.label : undefined
  return oneLine(own ?? (appointment.agenda?.key === key ? appointment.agenda.text : undefined) ?? key, 60)
}

export function motifName(settings: Settings, { motif }: Appointment): string {
  const key = motif?.key ?? NO_MOTIF
  const own = Object.hasOwn(settings.motifs, key) ? settings.motifs[key]?.label : undefined
  return oneLine(own ?? motif?.text ?? key, 60)
}

/** Undefined: the EHR has given none. */
export function patientName(patient: Patient | undefined): string | undefined {
  const name = [patient?.givenName, patient?.familyName].filter(Boolean).join(' ')
  return name ? oneLine(name, 80) : undefined
}

/** Its state in the words of staff, and how it is tinted. */
export function stateOf(appointment: Appointment, language: Language): { readonly says: string; readonly tint?: Tint } {
  const { status } = appointment
  const says = capitalise(statusWords[isExcused(appointment) ? 'excused' : status][language])
  if (status === 'cancelled' || status === 'entered-in-error') return { says, tint: 'stop' }
  if (status === 'noshow') return { says, tint: 'warn' }
  if (status === 'booked' && isConfirmed(appointment)) return { says: language === 'fr' ? 'Confirmé' : 'Confirmed', tint: 'ok' }
  return { says }
}
