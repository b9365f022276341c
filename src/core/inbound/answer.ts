import type { Temporal } from 'temporal-polyfill'
import { smsSegments, toGsm7 } from '../gsm7.ts'
import { saySmsDay, saySmsHour } from '../local-time.ts'
import type { Settings } from '../settings.ts'
import { zoneOf } from '../settings.ts'
import type { Language } from '../words/language.ts'
import { languageFor } from '../words/language.ts'
import { capitalise, oneLine } from '../words/typography.ts'
import type { Asked } from './asked.ts'
import type { InboundPhrases, Sentence } from './phrases.ts'
import { english } from './phrases-en.ts'
import { french } from './phrases-fr.ts'
import type { Said } from './turn.ts'

const phrasesIn: Readonly<Record<Language, InboundPhrases>> = { fr: french, en: english }

export interface AnswerContext {
  /** The clinic that texted this number last; absent: none did, or nobody knows the number. */
  readonly settings?: Settings
  /** The patient's, BCP-47, where one is known. */
  readonly language?: string
  readonly now: Temporal.Instant
}

/** What is texted back: one segment of GSM-7, however long the names; what there is no room for is left out, the clinic's name last. */
export function answerFor(said: Said, { settings, language, now }: AnswerContext): string {
  const spoken: Language = settings ? languageFor(settings, language) : 'fr'
  const { name, phone } = settings?.clinic ?? {}
  const [sentence, ...ifRoom] = sentenceFor(said, phrasesIn[spoken], spoken, now, phone)
  const clinic = toGsm7(oneLine(name ?? '', 40))
  const signed = toGsm7(`${clinic}: ${sentence}`)
  const start = clinic && isOneSegment(signed) ? signed : capitalise(toGsm7(sentence))
  return ifRoom.reduce((text, more) => {
    const longer = `${text} ${toGsm7(more)}`
    return isOneSegment(longer) ? longer : text
  }, start)
}

function isOneSegment(text: string): boolean {
  return smsSegments(text).segments <= 1
}

function sentenceFor(said: Said, phrases: InboundPhrases, language: Language, now: Temporal.Instant, phone: string | undefined): Sentence {
  const call = phrases.call(phone === undefined ? undefined : oneLine(phone, 20))
  const when = (asked: Asked) => whenOf(asked, language, now)
  switch (said.kind) {
    case 'confirmed':
      return phrases.confirmed(said.asked.map(when))
    case 'partly':
      return phrases.partly(said.asked.map(when), call)
    case 'too_early':
      return phrases.tooEarly(when(said.asked), sayAt(said.asked, said.from, language, now))
    case 'changed':
      return phrases.changed(call)
    case 'off':
      return phrases.off(when(said.asked), call)
    case 'not_asked':
      return phrases.notAsked(when(said.asked), call)
    case 'which':
      return phrases.which(said.about, linesOf(said.asked, language, now))
    case 'too_many':
      return phrases.tooMany(call)
    case 'really_cancel':
      return phrases.reallyCancel(when(said.asked))
    case 'cancelled':
      return phrases.cancelled(when(said.asked), saySmsHour(said.undoUntil, faceOf(said.asked, language, now)))
    case 'cancel_by_phone':
      return phrases.cancelByPhone(when(said.asked), call)
    case 'kept':
      return phrases.kept(when(said.asked))
    case 'say_yes':
      return phrases.sayYes(when(said.asked))
    case 'nothing':
      return phrases.nothing(call)
    case 'passed_on':
      return phrases.passedOn(call)
    case 'stopped':
      return phrases.stopped
    case 'resumed':
      return phrases.resumed
    case 'help':
      return phrases.help(call)
    case 'wrong_number':
      return phrases.wrongNumber
    default:
      return said satisfies never
  }
}

/** `1: jeu. 26/11 9h40, 2: ven. 27/11 14h`; with first names, as the text of a household has them (D29), where they are of several people. */
function linesOf(asked: readonly Asked[], language: Language, now: Temporal.Instant): string {
  const isOfSeveral = new Set(asked.map(({ patient }) => patient.id)).size > 1
  return asked
    .map((each, index) => {
      const name = isOfSeveral ? toGsm7(oneLine(each.patient.givenName ?? '', 8)) : ''
      return `${index + 1}: ${name && `${name} `}${whenOf(each, language, now)}`
    })
    .join(', ')
}

function whenOf(asked: Asked, language: Language, now: Temporal.Instant): string {
  const { start } = asked.appointment
  return start ? sayAt(asked, start, language, now) : ''
}

function sayAt(asked: Asked, at: Temporal.Instant, language: Language, now: Temporal.Instant): string {
  const face = faceOf(asked, language, now)
  return `${saySmsDay(at, face)} ${saySmsHour(at, face)}`
}

function faceOf({ settings, appointment }: Asked, language: Language, now: Temporal.Instant) {
  return { zone: zoneOf(settings, appointment), language, now }
}
