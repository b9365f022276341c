import { createHash } from 'node:crypto'
import type { Appointment } from '../../core/appointment.ts'
import { calendarEntry, writeCalendar } from '../../core/calendar.ts'
import { sayClock } from '../../core/local-time.ts'
import type { AppointmentPage } from '../../core/patient-page.ts'
import type { Language } from '../../core/words/language.ts'

export interface CalendarInput {
  /** What the patient may see of it now. */
  readonly page: AppointmentPage
  /** For what a calendar compares: which appointment it is, and how new this word of it. */
  readonly appointment: Pick<Appointment, 'id' | 'revision' | 'end' | 'changedAt'>
  readonly language: Language
}

/** The appointment as the page has it, for the patient's own calendar. */
export function renderCalendar({ page, appointment, language }: CalendarInput): string {
  const { start, modality, practitioner, place, zone, namesClock } = page.appointment
  const entry = calendarEntry({
    uid: calendarUid(appointment.id),
    appointment,
    start,
    off: page.state === 'cancelled-by-clinic' || page.state === 'cancelled-by-patient',
    modality,
    ...(practitioner !== undefined && { practitioner }),
    ...(place && { place: [place.name, ...place.address] }),
    ...(namesClock && { clock: sayClock(zone, language) }),
    clinic: page.clinic,
    language,
    now: page.now,
  })
  return writeCalendar(entry, 'PUBLISH')
}

/** Of an appointment, the same for ever, on its page and in its messages. */
export function calendarUid(appointmentId: string): string {
  return `${createHash('sha256').update(appointmentId).digest('hex').slice(0, 32)}@rappel`
}
