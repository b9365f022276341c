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
  /** Of a push: that there is a message, and to open it. */
  readonly openMessage: string
  /** In the language it names. */
  readonly otherLanguage: { readonly language: string; readonly text: string }
  subject(news: News, asks: boolean, when: string): string
  title(news: News, modality: Modality, moved: Moved | undefined): string
  /** `avec Dre Claire Moreau`. */
  company(practitioner: string): string
  /** `, à la clinique`; nothing where it is not known. */
  manner(modality: Modality): string
  pleaseConfirm(modality: Modality): string
  readonly pleaseFillIn: string
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
  /** The page has the choice; a change and a cancellation are told all the same. */
  readonly stopHint: string
  readonly sms: SmsPhrases
  readonly dates: DatePhrases
}

/** A day by some zone's calendar. */
export interface LocalDay {
  /** 1 is Monday. */
  readonly dayOfWeek: number
  readonly day: number
  readonly month: number
  /** Said only when it is another one than now's. */
  readonly year?: number
}

/** Days and hours. The tables are our own: what Intl says differs from one Node to the next. */
export interface DatePhrases {
  /** `jeudi 26 novembre`. */
  day(day: LocalDay): string
  /** `9 h 40`, with spaces that do not break. */
  hour(hour: number, minute: number): string
  /** `jeudi 26 novembre à 9 h 40`. */
  dayAndHour(day: string, hour: string): string
  /** `jeu. 26/11`: for a text. */
  shortDay(day: LocalDay): string
  /** `9h40`: for a text, so that it neither breaks nor leaves GSM-7. */
  shortHour(hour: number, minute: number): string
  /** Whose clock it is: `heure de Toronto`; `heure UTC`, which is no place. */
  clock(name: string, isPlace: boolean): string
  /** By zone: places whose name is not the last part of their zone's. */
  readonly places: Readonly<Record<string, string>>
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
  link(news: News, asks: boolean, asksToFillIn?: boolean): string
  readonly stop: string
}
