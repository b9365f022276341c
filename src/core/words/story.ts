import { Temporal } from 'temporal-polyfill'
import type { Appointment, Modality } from '../appointment.ts'
import type { NotificationKind } from '../kind.ts'
import type { Clockface } from '../local-time.ts'
import { isSameDay, sayClock } from '../local-time.ts'
import { addressOf, namesClock } from '../place.ts'
import type { Settings } from '../settings.ts'
import { modalityOf, zoneOf } from '../settings.ts'
import type { FactName, Facts } from '../told.ts'
import { changedFacts } from '../told.ts'
import { messageLanguageFor, phrasesIn } from './catalogue.ts'
import type { Moved, News, Phrases } from './phrases.ts'
import { oneLine } from './typography.ts'

export interface WordsInput {
  readonly kind: NotificationKind
  readonly appointment: Appointment
  /** What the message says; becomes what the patient was told. */
  readonly facts: Facts
  /** What the patient was told before: of a change, a correction, a cancellation. */
  readonly before?: Facts
  readonly settings: Settings
  /** The patient's, BCP-47; one without words falls back to the clinic's. */
  readonly language?: string
  readonly confirmed: boolean
  /** Only a message planned inside the 48 h asks (O14). */
  readonly askToConfirm: boolean
  /** A questionnaire is left to fill in (O15, O16). */
  readonly questionnaireLeft?: boolean
  /** Absent: not online, or no longer (O5, O12). */
  readonly mayCancelUntil?: Temporal.Instant
  readonly now: Temporal.Instant
}

/** What there is to say, before any sentence: every name is fit to print, nothing is left to decide. */
export interface Story {
  readonly news: News
  readonly off: boolean
  readonly phrases: Phrases
  readonly face: Clockface
  readonly start?: Temporal.Instant
  readonly practitioner?: string
  readonly modality: Modality
  /** One comes as one was told before, be it by another link. */
  readonly sameManner: boolean
  readonly changed: readonly FactName[]
  readonly moved?: Moved
  readonly before?: Facts
  /** Named where it could be another clock than the reader's. */
  readonly clock?: string
  readonly address?: string
  readonly joinable: boolean
  readonly asks: boolean
  /** Asks for the questionnaire: a reminder, and a confirmation that stands for one (O15). */
  readonly asksToFillIn: boolean
  readonly confirmed: boolean
  readonly clinic: string
  readonly clinicAddress?: string
  readonly phone?: string
  readonly mayCancelUntil?: Temporal.Instant
}

export function storyOf(input: WordsInput): Story {
  const { appointment, facts, before, settings, now, mayCancelUntil } = input
  const news = newsOf(input)
  const off = news === 'cancelled' || news === 'missed'
  const language = messageLanguageFor(settings, input.language)
  const zone = zoneOf(settings, appointment)
  const modality = modalityOf(settings, { ...appointment, modality: facts.modality })
  const known = off ? (before ?? facts) : facts
  const start = known.start ?? facts.start
  const practitioner = oneLine(known.practitioner ?? '')
  const address = addressOf(settings, appointment).join(', ')
  const changed = before && news === 'changed' ? changedFacts(before, facts) : []
  const { name, phone, address: clinicAddress } = settings.clinic
  return {
    news,
    off,
    phrases: phrasesIn(language),
    face: { zone, language, now },
    ...(start && { start }),
    ...(practitioner && { practitioner }),
    modality,
    sameManner: before?.modality === facts.modality,
    changed,
    ...(changed.includes('start') && before?.start && start && { moved: isSameDay(before.start, start, zone) ? 'hour' : 'day' }),
    ...(before && news === 'changed' && { before }),
    ...(namesClock(settings, appointment, modality) && { clock: sayClock(zone, language) }),
    ...(address && { address }),
    joinable: facts.joinUrl !== undefined,
    asks: input.askToConfirm && !input.confirmed && !off,
    asksToFillIn: input.questionnaireLeft === true && (news === 'reminder' || (news === 'booked' && input.askToConfirm)),
    confirmed: input.confirmed,
    clinic: oneLine(name),
    ...(clinicAddress && { clinicAddress: oneLine(clinicAddress.join(', '), 240) }),
    ...(phone && { phone: oneLine(phone, 40) }),
    ...(mayCancelUntil && Temporal.Instant.compare(now, mayCancelUntil) <= 0 && { mayCancelUntil }),
  }
}

/** A correction tells whatever is true now: that it is off, that it stands after all, or what has changed. */
function newsOf({ kind, facts, before }: WordsInput): News {
  if (kind === 'no_show') return 'missed'
  if (kind === 'cancellation' || !facts.stands) return 'cancelled'
  switch (kind) {
    case 'confirmation':
      return 'booked'
    case 'reminder':
    case 'previsit':
      return 'reminder'
    case 'manual':
      return 'manual'
    case 'change':
    case 'correction':
      return before && !before.stands ? 'restored' : 'changed'
    default:
      return kind satisfies never
  }
}
