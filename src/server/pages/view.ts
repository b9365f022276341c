import type { Clockface } from '../../core/local-time.ts'
import { isSameDay, sayHour } from '../../core/local-time.ts'
import type { AppointmentPage, Heard } from '../../core/patient-page.ts'
import { phrasesIn } from '../../core/words/catalogue.ts'
import type { Language } from '../../core/words/language.ts'
import type { Moved, Phrases } from '../../core/words/phrases.ts'
import type { Flash, PageTexts } from './page-texts.ts'
import { textsIn } from './texts.ts'

export interface PatientPageContext {
  /** Of the address the page was asked at: forms and links are relative to it. */
  readonly token: string
  readonly language: Language
  /** After an answer, once. */
  readonly flash?: Flash
  /** What is being answered, in a form the server can compare and a reader cannot read; sent back by every form. */
  readonly basis: string
}

/** What every part of a page is made from. */
export interface View {
  readonly page: AppointmentPage
  readonly context: PatientPageContext
  readonly texts: PageTexts
  readonly phrases: Phrases
  readonly face: Clockface
}

export function viewOf(page: AppointmentPage, context: PatientPageContext): View {
  const { language } = context
  const face = { zone: page.appointment.zone, language, now: page.now }
  return { page, context, texts: textsIn(language), phrases: phrasesIn(language), face }
}

/** What of the start is not what the message said; undefined where it is, or where it said none. */
export function movedIn({ page, face }: View): Moved | undefined {
  if (page.state !== 'moved' || !page.before.start || !page.changed.includes('start')) return undefined
  return isSameDay(page.before.start, page.appointment.start, face.zone) ? 'hour' : 'day'
}

/** Nothing is left to attend: the slip is grey. */
export function isOff({ page }: View): boolean {
  return page.state === 'past' || page.state === 'cancelled-by-clinic' || page.state === 'cancelled-by-patient'
}

/** Still ahead, and shown with all that helps to get there. */
export function isAhead({ page }: View): boolean {
  switch (page.state) {
    case 'confirmable':
    case 'confirmed':
    case 'before-window':
    case 'moved':
    case 'upcoming':
      return true
    case 'arrival-open':
    case 'arrived':
    case 'under-way':
    case 'past':
    case 'cancel-step-two':
    case 'cancelled-by-clinic':
    case 'cancelled-by-patient':
      return false
    default:
      return page satisfies never
  }
}

/** What stands over the date, and whether it already says how the appointment takes place. */
export function headOf(view: View): { readonly title: string; readonly saysManner: boolean } {
  const { page, texts, phrases } = view
  const { modality, isToday } = page.appointment
  const plain = (title: string) => ({ title, saysManner: false })
  if (page.state === 'past') return plain(texts.past)
  if (isOff(view)) return plain(phrases.title('cancelled', modality, undefined))
  if (page.state === 'cancel-step-two') return plain(texts.cancelQuestion)
  if (page.state === 'moved') return plain(phrases.title(page.before.stands ? 'changed' : 'restored', modality, movedIn(view)))
  return { title: isToday ? texts.today(modality) : phrases.title('booked', modality, undefined), saysManner: modality !== 'onsite' }
}

/** `418 555-0140 poste 12` dials the number and leaves the extension to the voice. */
export function dialOf(phone: string): string {
  return `tel:${(/^[+\d\s().-]+/.exec(phone)?.[0] ?? '').replace(/[^+\d]/g, '')}`
}

/** Whether the clinic knows of an answer, or when it is told. */
export function sayHeard({ texts, face }: View, { clinicKnows, tellAt }: Heard): string {
  return clinicKnows ? texts.clinicKnows : texts.telling(tellAt && sayHour(tellAt, face))
}
