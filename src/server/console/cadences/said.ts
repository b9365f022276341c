import type { Temporal } from 'temporal-polyfill'
import type { CadenceStep, StepTime } from '../../../core/cadence.ts'
import type { ChannelKind } from '../../../core/patient.ts'
import { phrasesIn } from '../../../core/words/catalogue.ts'
import type { Language } from '../../../core/words/language.ts'
import { cadencesTexts } from './texts.ts'

/** `la veille à 13 h`, `36 heures avant le rendez-vous`. */
export function sayTime(when: StepTime, language: Language): string {
  const texts = cadencesTexts[language]
  if ('before' in when) return texts.before(sayDuration(when.before, language))
  if ('afterBooking' in when) return texts.afterBooking(sayDuration(when.afterBooking, language))
  return texts.daysBefore(when.daysBefore, phrasesIn(language).dates.hour(when.at.hour, when.at.minute))
}

/** Of which appointments a step is, and until when it is worth sending. */
export function sayConditions({ booked, notAfter }: CadenceStep, language: Language): readonly string[] {
  const texts = cadencesTexts[language]
  return [
    ...(booked?.atLeast ? [texts.bookedAtLeast(sayDuration(booked.atLeast, language))] : []),
    ...(booked?.lessThan ? [texts.bookedLessThan(sayDuration(booked.lessThan, language))] : []),
    ...(booked?.after ? [texts.bookedAfter(sayTime(booked.after, language))] : []),
    texts.worthUntil(sayDuration(notAfter, language)),
  ]
}

export function sayChannels(channels: readonly ChannelKind[], language: Language): string {
  const texts = cadencesTexts[language]
  if (channels.length === 0) return texts.notices.none
  const names = channels.map((channel) => texts.channels[channel])
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${texts.and} ${names.at(-1)}`
}

/** In the largest unit that it is a whole number of; hours up to two days, since 36 hours is how one says it. */
function sayDuration(duration: Temporal.Duration, language: Language): string {
  const texts = cadencesTexts[language]
  const minutes = Math.round(duration.total('minutes'))
  if (minutes % 60 !== 0) return texts.minutes(minutes)
  const hours = minutes / 60
  return hours > 48 && hours % 24 === 0 ? texts.days(hours / 24) : texts.hours(hours)
}
