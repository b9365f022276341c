import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import type { Patient } from './patient.ts'
import type { Settings, SiteSettings } from './settings.ts'
import { agendaOf } from './settings.ts'
import { instantOf, wallClockAt } from './wall-clock.ts'

/** `14:30`, as a time field sends it, or as one types it: `14 h 30`, `9h05`, `14 h`. */
export function readHour(text: string): Pick<Temporal.PlainTime, 'hour' | 'minute'> | undefined {
  const [, hour = '', minute = '0'] = /^\s*(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)\s*$/.exec(text) ?? []
  if (hour === '' || Number(hour) > 23 || Number(minute) > 59) return undefined
  return { hour: Number(hour), minute: Number(minute) }
}

/** When the site's clocks show that hour today. */
export function todayAt(
  time: Temporal.PlainTime,
  { zone }: Pick<SiteSettings, 'zone'>,
  settings: Settings,
  now: Temporal.Instant,
): Temporal.Instant {
  const here = zone ?? settings.clinic.zone
  return instantOf(wallClockAt(now, here).dayNumber, time, here)
}

export interface AtDesk {
  readonly settings: Settings
  readonly siteId: string
  readonly birthDate: string
  /** Of that hour, each with its patient. */
  readonly candidates: readonly { readonly appointment: Appointment; readonly patient: Patient }[]
}

/**
 * Whose arrival it is: the one appointment of that site and hour whose patient was born that day. Twins, and two people of one birthday at
 * one hour, are none: the desk tells them apart.
 */
export function findArrival({ settings, siteId, birthDate, candidates }: AtDesk): AtDesk['candidates'][number] | undefined {
  const matching = candidates.filter(
    ({ appointment, patient }) =>
      patient.birthDate === birthDate && agendaOf(settings, appointment).siteId === siteId && standing.has(appointment.status),
  )
  return matching.length === 1 ? matching[0] : undefined
}

/** One who has arrived says so twice. */
const standing: ReadonlySet<Appointment['status']> = new Set(['booked', 'arrived', 'checked-in'])
