import type { Settings } from '../settings.ts'
import { english } from './en.ts'
import { french } from './fr.ts'
import type { Phrases } from './phrases.ts'

/** One file for each language: what is in here is written in it, dates and hours too. */
const catalogue = { fr: french, en: english } satisfies Readonly<Record<string, Phrases>>

/** A language there are messages in; the pages may have fewer. */
export type MessageLanguage = keyof typeof catalogue

export const messageLanguages = Object.keys(catalogue) as readonly MessageLanguage[]

export function phrasesIn(language: MessageLanguage): Phrases {
  return catalogue[language]
}

/** The patient's (BCP-47), where there are messages in it, else the clinic's, else French. */
export function messageLanguageFor({ clinic }: Pick<Settings, 'clinic'>, wish: string | undefined): MessageLanguage {
  return messageLanguageOf(wish) ?? messageLanguageOf(clinic.language) ?? 'fr'
}

/** `fr-CA` → `fr`; undefined for a language without messages. */
export function messageLanguageOf(tag: string | undefined): MessageLanguage | undefined {
  const primary = tag?.trim().toLowerCase().split(/[-_]/)[0]
  return messageLanguages.find((language) => language === primary)
}
