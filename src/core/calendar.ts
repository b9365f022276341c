import type { Temporal } from 'temporal-polyfill'
import type { Appointment, Modality } from './appointment.ts'
import type { MessageLanguage } from './words/catalogue.ts'
import { phrasesIn } from './words/catalogue.ts'
import { capitalise } from './words/typography.ts'

/** One appointment for the patient's own calendar. Calendars are shared with families and employers: neither motif nor private link is in it. */
export interface CalendarEntry {
  /** The same for ever, and not the EHR's own number (RFC 7986, 5.3): opened again after a change, it replaces the entry it made. */
  readonly uid: string
  /** Raised by every change of the appointment. */
  readonly sequence: number
  readonly off: boolean
  readonly start: Temporal.Instant
  readonly end?: Temporal.Instant
  readonly summary: string
  readonly description?: string
  readonly location?: string
  readonly changedAt: Temporal.Instant
  readonly now: Temporal.Instant
}

export interface EntryInput {
  readonly uid: string
  readonly appointment: Pick<Appointment, 'revision' | 'end' | 'changedAt'>
  readonly start: Temporal.Instant
  readonly off: boolean
  readonly modality: Modality
  readonly practitioner?: string
  /** Name and address, where one comes to a place. */
  readonly place?: readonly string[]
  /** `heure de Toronto`, where it must be said. */
  readonly clock?: string
  readonly clinic: { readonly name: string; readonly phone?: string }
  readonly language: MessageLanguage
  readonly now: Temporal.Instant
}

export function calendarEntry(input: EntryInput): CalendarEntry {
  const { uid, appointment, start, off, modality, practitioner, place = [], clock, clinic, language, now } = input
  const phrases = phrasesIn(language)
  const title = phrases.title(off ? 'cancelled' : 'booked', modality, undefined)
  const company = practitioner === undefined ? undefined : capitalise(phrases.company(practitioner))
  const about = [company, clock, clinic.phone].filter((line) => line !== undefined)
  return {
    uid,
    sequence: appointment.revision,
    off,
    start,
    ...(appointment.end && { end: appointment.end }),
    summary: `${title} – ${clinic.name}`,
    ...(about.length > 0 && { description: about.join('\n') }),
    ...(place.length > 0 && { location: place.join(', ') }),
    changedAt: appointment.changedAt,
    now,
  }
}

/** Who the calendar says the entry is of: a calendar program believes a cancellation of nobody else (RFC 5546, 3.2.5). */
export interface Organizer {
  readonly name: string
  readonly address: string
}

/** `PUBLISH` asks for no answer: the patient's is given on our page. */
export type CalendarMethod = 'PUBLISH' | 'CANCEL'

/** As RFC 5545 has it. Times are in UTC, right in any zone. */
export function writeCalendar(entry: CalendarEntry, method: CalendarMethod, organizer?: Organizer): string {
  const { off, end, description, location } = entry
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Rappel//Rappel//FR',
    `METHOD:${method}`,
    'BEGIN:VEVENT',
    `UID:${entry.uid}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTAMP:${utc(entry.now)}`,
    `LAST-MODIFIED:${utc(entry.changedAt)}`,
    ...(organizer ? [`ORGANIZER;CN="${quotable(organizer.name)}":mailto:${quotable(organizer.address)}`] : []),
    `DTSTART:${utc(entry.start)}`,
    ...(end ? [`DTEND:${utc(end)}`] : []),
    `SUMMARY:${escapeText(entry.summary)}`,
    ...(description === undefined ? [] : [`DESCRIPTION:${escapeText(description)}`]),
    ...(location === undefined ? [] : [`LOCATION:${escapeText(location)}`]),
    `STATUS:${off ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join('')
}

/** `20261126T144000Z`. */
function utc(at: Temporal.Instant): string {
  return at.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString().replace(/[-:]/g, '')
}

/** RFC 5545, 3.3.11; nothing in it begins a line of its own. */
function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r?\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ')
}

/** RFC 5545, 3.2: a quoted value has no way to write a quote. */
function quotable(text: string): string {
  return text.replace(/["\p{Cc}]/gu, '')
}

/** RFC 5545, 3.1: no line over 75 octets, no character cut in two. */
function fold(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const size = octetsOf(character)
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

/** In UTF-8. */
function octetsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
