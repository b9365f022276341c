import type { Modality } from '../appointment.ts'
import type { FactName } from '../told.ts'

/** What a message is about, as the patient sees it. `restored`: told that it was off, and it is on. */
export type News = 'booked' | 'reminder' | 'changed' | 'restored' | 'cancelled' | 'missed' | 'manual'

/** What of the start is another: the day says more than the hour. */
export type Moved = 'day' | 'hour'

/** One catalogue for each language; the sentences are written in it, not translated. Dates and hours come said already. */
export interface Phrases {
  readonly seeAndConfirm: string
  readonly see: string
  readonly allConfirmed: string
  readonly answerAgain: string
  /** Before the address that the button has. */
  readonly copyAddress: string
  /** In the language it names. */
  readonly otherLanguage: { readonly language: string; readonly text: string }
  subject(news: News, asks: boolean, when: string): string
  title(news: News, modality: Modality, moved: Moved | undefined): string
  /** `avec Dre Claire Moreau`. */
  company(practitioner: string): string
  /** `, à la clinique`; nothing where it is not known. */
  manner(modality: Modality): string
  pleaseConfirm(modality: Modality): string
  /** O10: what to do to be there. */
  coming(modality: Modality, hour: string, about: { readonly address?: string; readonly joinable: boolean }): string | undefined
  /** What an appointment that is off no longer asks. */
  notComing(modality: Modality): string
  before(when: string): string
  changedTo(fact: Exclude<FactName, 'start'>, modality: Modality): string
  confirmFrom(when: string): string
  isOff(news: 'cancelled' | 'missed'): string
  cancelUntil(when: string, phone: string | undefined): string
  callInstead(phone: string | undefined): string
  callForAnother(phone: string | undefined): string
  automatic(phone: string | undefined): string
  stopHint(phone: string | undefined): string
  readonly sms: SmsPhrases
}

/** Short, without typographic spaces; what is outside GSM-7 is transliterated after. */
export interface SmsPhrases {
  head(news: News, modality: Modality, moved: Moved | undefined): string
  /** Beside one of several hours; nothing where one comes, or nobody knows. */
  manner(modality: Modality): string
  company(practitioner: string): string
  /** Whoever did not come: how to have another appointment. */
  another(phone: string | undefined): string
  /** The last word before the link. */
  link(news: News, asks: boolean): string
  readonly stop: string
}
