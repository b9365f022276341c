import type { Temporal } from 'temporal-polyfill'
import { sayDayAndHour } from '../local-time.ts'
import type { NotificationState } from '../notification.ts'
import { zoneOf } from '../settings.ts'
import { nameNotification } from './names.ts'
import type { Cause } from './reason-words.ts'
import type { About, Bilingual } from './words.ts'
import { both } from './words.ts'

/** How far a notification is, in the fixed words of the screens; of one still to come, whether it would go as things stand. */
export type Standing = NotificationState | 'shadow_not' | 'put_off' | 'would_wait' | 'would_not_go'

const standingWords: Readonly<Record<Standing, Bilingual>> = {
  planned: both('planifié, partira si rien ne change', 'planned, will be sent unless something changes'),
  put_off: both('repoussé à cette heure', 'put off until then'),
  would_wait: both('attendra', 'will wait'),
  would_not_go: both('en l’état, ne partira pas', 'as things stand, will not be sent'),
  parked: both('en l’état, ne partira pas', 'as things stand, will not be sent'),
  held: both('retenu', 'held'),
  sending: both('envoi en cours', 'being sent'),
  sent: both('envoyé', 'sent'),
  delivered: both('remis', 'delivered'),
  failed: both('échec', 'failed'),
  in_doubt: both('en doute', 'in doubt'),
  suppressed: both('non envoyé', 'not sent'),
  shadow: both('observé, serait parti', 'watched, would have been sent'),
  shadow_not: both('observé, ne serait pas parti', 'watched, would not have been sent'),
  merged_into: both('regroupé', 'merged'),
  expired: both('expiré', 'expired'),
  withdrawn: both('retiré', 'withdrawn'),
}

export interface SentenceInput {
  readonly about: About
  readonly standing: Standing
  /** The hour it is about; absent where it moves by itself, as of what is held. */
  readonly at?: Temporal.Instant
  readonly cause?: Cause
  /** The year is said only when it is another one than now's. */
  readonly now: Temporal.Instant
}

/** `SMS de rappel du mardi 24 novembre à 21 h 40 : non envoyé, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).` */
export function sentenceOf({ about, standing, at, cause, now }: SentenceInput): Bilingual {
  const name = nameNotification(about.kind, about.channel)
  const zone = zoneOf(about.settings, about.appointment)
  const state = standingWords[standing]
  const why = becauseOf(cause)
  const when = {
    fr: at ? ` du ${sayDayAndHour(at, { zone, language: 'fr', now })}` : '',
    en: at ? ` of ${sayDayAndHour(at, { zone, language: 'en', now })}` : '',
  }
  return both(`${name.fr}${when.fr} : ${state.fr}${why.fr}.`, `${name.en}${when.en}: ${state.en}${why.en}.`)
}

/** `, parce que le motif est désactivé (D20)`. */
export function becauseOf(cause: Cause | undefined): Bilingual {
  if (!cause) return both('', '')
  const rule = cause.rule === undefined ? '' : ` (${cause.rule})`
  return both(`, ${parceQue(cause.because.fr)}${rule}`, `, because ${cause.because.en}${rule}`)
}

function parceQue(clause: string): string {
  return /^[aeiouyàâéèêîôû]/i.test(clause) ? `parce qu’${clause}` : `parce que ${clause}`
}
