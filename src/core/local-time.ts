import type { Temporal } from 'temporal-polyfill'
import { wallClockAt } from './wall-clock.ts'
import type { MessageLanguage } from './words/catalogue.ts'
import { phrasesIn } from './words/catalogue.ts'
import type { DatePhrases, LocalDay } from './words/phrases.ts'

/** Whose clock an instant is said by. */
export interface Clockface {
  /** IANA zone. */
  readonly zone: string
  readonly language: MessageLanguage
  /** The year is said only when it is another one than now's. */
  readonly now: Temporal.Instant
}

/** `jeudi 26 novembre`, `Thursday 26 November`, with the year if it is another one. */
export function sayDay(at: Temporal.Instant, face: Clockface): string {
  return datesOf(face).day(dayOf(at, face))
}

/** `9 h 40`, `14 h` (spaces that do not break), `9:40 am`, `2 pm`, `12 noon`. */
export function sayHour(at: Temporal.Instant, face: Pick<Clockface, 'zone' | 'language'>): string {
  const { hour, minute } = wallClockAt(at, face.zone)
  return datesOf(face).hour(hour, minute)
}

/** `jeudi 26 novembre à 9 h 40`. */
export function sayDayAndHour(at: Temporal.Instant, face: Clockface): string {
  return datesOf(face).dayAndHour(sayDay(at, face), sayHour(at, face))
}

/** `jeu. 26/11`, `Thu 26 Nov`. */
export function saySmsDay(at: Temporal.Instant, face: Clockface): string {
  return datesOf(face).shortDay(dayOf(at, face))
}

/** `9h40`, `14h`, `9:40am`: no space, so that it neither breaks nor leaves GSM-7. */
export function saySmsHour(at: Temporal.Instant, face: Pick<Clockface, 'zone' | 'language'>): string {
  const { hour, minute } = wallClockAt(at, face.zone)
  return datesOf(face).shortHour(hour, minute)
}

/** Which place's clock it is: `heure de Toronto`, `Toronto time`. */
export function sayClock(zone: string, language: MessageLanguage): string {
  const name = sayPlace(zone, language)
  return phrasesIn(language).dates.clock(name, name !== 'UTC' && !zone.startsWith('Etc/'))
}

/** `Toronto`: short for whose clock it is. */
export function sayPlace(zone: string, language: MessageLanguage): string {
  const { places } = phrasesIn(language).dates
  return (Object.hasOwn(places, zone) ? places[zone] : undefined) ?? (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

/** For machines that read pages: `2026-11-26T09:40-05:00`. */
export function toLocalText(at: Temporal.Instant, zone: string): string {
  return at.toZonedDateTimeISO(zone).toString({ smallestUnit: 'minute', timeZoneName: 'never' })
}

export function isSameDay(a: Temporal.Instant, b: Temporal.Instant, zone: string): boolean {
  return wallClockAt(a, zone).dayNumber === wallClockAt(b, zone).dayNumber
}

function datesOf({ language }: Pick<Clockface, 'language'>): DatePhrases {
  return phrasesIn(language).dates
}

function dayOf(at: Temporal.Instant, { zone, now }: Clockface): LocalDay {
  const { dayOfWeek, day, month, year } = wallClockAt(at, zone)
  return { dayOfWeek, day, month, ...(year !== wallClockAt(now, zone).year && { year }) }
}
