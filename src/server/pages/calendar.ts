import { createHash } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { sayClock } from '../../core/local-time.ts'
import type { AppointmentPage } from '../../core/patient-page.ts'
import { phrasesIn } from '../../core/words/catalogue.ts'
import type { Language } from '../../core/words/language.ts'
import { capitalise } from '../../core/words/typography.ts'

export interface CalendarInput {
  /** What the patient may see of it now. */
  readonly page: AppointmentPage
  /** For what a calendar compares: which appointment it is, and how new this word of it. */
  readonly appointment: Pick<Appointment, 'id' | 'revision' | 'end' | 'changedAt'>
  readonly language: Language
}

/**
 * The appointment for the patient's own calendar (RFC 5545): opened again after a change, it replaces the entry it made.
 * Calendars are shared with families and employers: neither motif nor private link is in it, and times are in UTC, right in any zone.
 */
export function renderCalendar({ page, appointment, language }: CalendarInput): string {
  const phrases = phrasesIn(language)
  const { start, modality, practitioner, place, zone, namesClock } = page.appointment
  const off = page.state === 'cancelled-by-clinic' || page.state === 'cancelled-by-patient'
  const title = phrases.title(off ? 'cancelled' : 'booked', modality, undefined)
  const company = practitioner === undefined ? undefined : capitalise(phrases.company(practitioner))
  const about = [company, namesClock ? sayClock(zone, language) : undefined, page.clinic.phone].filter((line) => line !== undefined)
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Rappel//Rappel//FR',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${uidOf(appointment.id)}`,
    `SEQUENCE:${appointment.revision}`,
    `DTSTAMP:${utc(page.now)}`,
    `LAST-MODIFIED:${utc(appointment.changedAt)}`,
    `DTSTART:${utc(start)}`,
    ...(appointment.end ? [`DTEND:${utc(appointment.end)}`] : []),
    `SUMMARY:${escapeText(`${title} – ${page.clinic.name}`)}`,
    ...(about.length > 0 ? [`DESCRIPTION:${escapeText(about.join('\n'))}`] : []),
    ...(place ? [`LOCATION:${escapeText([place.name, ...place.address].join(', '))}`] : []),
    `STATUS:${off ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join('')
}

/** The same for ever, and not the EHR's own number (RFC 7986, 5.3). */
function uidOf(id: string): string {
  return `${createHash('sha256').update(id).digest('hex').slice(0, 32)}@rappel`
}

/** `20261126T144000Z`. */
function utc(at: Temporal.Instant): string {
  return at.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString().replace(/[-:]/g, '')
}

/** RFC 5545, 3.3.11. */
function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

/** RFC 5545, 3.1: no line over 75 octets, no character cut in two. */
function fold(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > 75) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += character
    octets += size
  }
  return [...lines, current].join('\r\n')
}
