import type { Temporal } from 'temporal-polyfill'
import { type Clockface, sayHour } from '../../../core/local-time.ts'
import { wallClockAt } from '../../../core/wall-clock.ts'
import type { Language } from '../../../core/words/language.ts'
import { NO_BREAK } from '../../../core/words/typography.ts'

const months: Readonly<Record<Language, readonly string[]>> = {
  fr: ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
}

/** `nov.`, `Nov`; 1 is January. */
export function sayMonth(month: number, language: Language): string {
  return months[language][month - 1] ?? ''
}

/** `26 nov.`, `26 Nov`, of a day since 1970. */
export function sayShortDay(dayNumber: number, language: Language): string {
  const { day, month } = dateOf(dayNumber)
  return `${day}${NO_BREAK}${sayMonth(month, language)}`
}

/** `26 nov., 9 h 40`: for a narrow column. */
export function sayShortWhen(at: Temporal.Instant, face: Clockface & { readonly language: Language }): string {
  const { dayNumber } = wallClockAt(at, face.zone)
  return `${sayShortDay(dayNumber, face.language)}, ${sayHour(at, face)}`
}

/** The date of a day since 1970. */
export function dateOf(dayNumber: number): { readonly year: number; readonly month: number; readonly day: number; readonly iso: string } {
  const iso = new Date(dayNumber * 86_400_000).toISOString().slice(0, 10)
  const [year = 0, month = 1, day = 1] = iso.split('-').map(Number)
  return { year, month, day, iso }
}
