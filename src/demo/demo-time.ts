import type { Temporal } from 'temporal-polyfill'
import type { DemoLanguage } from './demo-words.ts'

/** `jeu. 26 nov., 9 h 40`; `Thu 26 Nov, 9:40 am`. */
export function sayWhen(at: Temporal.Instant, zone: string, language: DemoLanguage): string {
  const day = { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone } as const
  return `${at.toLocaleString(language === 'fr' ? 'fr-CA' : 'en-GB', day)}, ${sayTime(at, zone, language)}`
}

/** `9 h 40`; `9:40 am`. */
export function sayTime(at: Temporal.Instant, zone: string, language: DemoLanguage): string {
  const { hour, minute } = at.toZonedDateTimeISO(zone)
  const minutes = String(minute).padStart(2, '0')
  if (language === 'fr') return `${hour}\u00a0h\u00a0${minutes}`
  return `${hour % 12 || 12}:${minutes}\u00a0${hour < 12 ? 'am' : 'pm'}`
}

/** `13:04:09`, for logs. */
export function saySecond(at: Temporal.Instant, zone: string): string {
  return at.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'second' })
}

/** On a round five minutes, never sooner than asked. */
export function startIn(now: Temporal.Instant, ahead: string): Temporal.Instant {
  const asked = now.toZonedDateTimeISO('UTC').add(ahead).toInstant()
  return asked.round({ smallestUnit: 'minute', roundingIncrement: 5, roundingMode: 'ceil' })
}
