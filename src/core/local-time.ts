import type { Temporal } from 'temporal-polyfill'
import type { WallClock } from './wall-clock.ts'
import { wallClockAt } from './wall-clock.ts'
import type { Language } from './words/language.ts'
import { NO_BREAK } from './words/typography.ts'

/** Whose clock an instant is said by. The tables below are our own: what Intl says differs from one Node to the next. */
export interface Clockface {
  /** IANA zone. */
  readonly zone: string
  readonly language: Language
  /** The year is said only when it is another one than now's. */
  readonly now: Temporal.Instant
}

const days = {
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
} as const

const months = {
  fr: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
} as const

/** Places whose name is not the last part of their zone's. */
const places: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'America/Montreal': { fr: 'Montréal', en: 'Montreal' },
  'America/St_Johns': { fr: 'Terre-Neuve', en: 'Newfoundland' },
  'Europe/Brussels': { fr: 'Bruxelles', en: 'Brussels' },
  'Europe/London': { fr: 'Londres', en: 'London' },
  'Indian/Reunion': { fr: 'La Réunion', en: 'Réunion' },
}

/** `jeudi 26 novembre`, `Thursday 26 November`, with the year if it is another one. */
export function sayDay(at: Temporal.Instant, face: Clockface): string {
  const { language } = face
  const local = wallClockAt(at, face.zone)
  const number = language === 'fr' && local.day === 1 ? '1er' : String(local.day)
  const words = [days[language][local.dayOfWeek - 1], number, months[language][local.month - 1]]
  return [...words, ...otherYear(local, face)].join(' ')
}

/** `9 h 40`, `14 h` (spaces that do not break), `9:40 am`, `2 pm`, `12 noon`. */
export function sayHour(at: Temporal.Instant, { zone, language }: Pick<Clockface, 'zone' | 'language'>): string {
  const { hour, minute } = wallClockAt(at, zone)
  const minutes = String(minute).padStart(2, '0')
  if (language === 'fr') return [hour, 'h', ...(minute > 0 ? [minutes] : [])].join(NO_BREAK)
  return sayEnglishHour(hour, minute > 0 ? `:${minutes}` : '', NO_BREAK)
}

/** `jeudi 26 novembre à 9 h 40`. */
export function sayDayAndHour(at: Temporal.Instant, face: Clockface): string {
  return `${sayDay(at, face)} ${face.language === 'fr' ? 'à' : 'at'} ${sayHour(at, face)}`
}

/** `jeu. 26/11`, `Thu 26 Nov`: short, and never 26/11 in English, which half its readers read the other way round. */
export function saySmsDay(at: Temporal.Instant, face: Clockface): string {
  const local = wallClockAt(at, face.zone)
  const day = days[face.language][local.dayOfWeek - 1]?.slice(0, 3) ?? ''
  if (face.language === 'en') return [day, local.day, months.en[local.month - 1]?.slice(0, 3), ...otherYear(local, face)].join(' ')
  const date = [local.day, String(local.month).padStart(2, '0'), ...otherYear(local, face)].join('/')
  return `${day}. ${date}`
}

/** `9h40`, `14h`, `9:40am`: no space, so that it neither breaks nor leaves GSM-7. */
export function saySmsHour(at: Temporal.Instant, { zone, language }: Pick<Clockface, 'zone' | 'language'>): string {
  const { hour, minute } = wallClockAt(at, zone)
  const minutes = minute > 0 ? String(minute).padStart(2, '0') : ''
  return language === 'fr' ? `${hour}h${minutes}` : sayEnglishHour(hour, minutes && `:${minutes}`, '')
}

/** Which place's clock it is: `heure de Toronto`, `Toronto time`. */
export function sayClock(zone: string, language: Language): string {
  const place = sayPlace(zone, language)
  if (place === 'UTC' || zone.startsWith('Etc/')) return language === 'fr' ? `heure ${place}` : place
  if (language === 'en') return `${place} time`
  return /^[AEIOUÉÎ]/.test(place) ? `heure d’${place}` : `heure de ${place}`
}

/** `Toronto`: short for whose clock it is. */
export function sayPlace(zone: string, language: Language): string {
  return places[zone]?.[language] ?? (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

/** For machines that read pages: `2026-11-26T09:40-05:00`. */
export function toLocalText(at: Temporal.Instant, zone: string): string {
  return at.toZonedDateTimeISO(zone).toString({ smallestUnit: 'minute', timeZoneName: 'never' })
}

export function isSameDay(a: Temporal.Instant, b: Temporal.Instant, zone: string): boolean {
  return wallClockAt(a, zone).dayNumber === wallClockAt(b, zone).dayNumber
}

/** Nobody is sure what 12 am is. */
function sayEnglishHour(hour: number, minutes: string, space: string): string {
  if (minutes === '' && hour % 12 === 0) return `12${space || ' '}${hour === 0 ? 'midnight' : 'noon'}`
  return `${hour % 12 === 0 ? 12 : hour % 12}${minutes}${space}${hour < 12 ? 'am' : 'pm'}`
}

function otherYear(local: WallClock, { zone, now }: Clockface): readonly number[] {
  return local.year === wallClockAt(now, zone).year ? [] : [local.year]
}
