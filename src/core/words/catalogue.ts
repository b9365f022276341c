import { english } from './en.ts'
import { french } from './fr.ts'
import type { Language } from './language.ts'
import type { Phrases } from './phrases.ts'

const catalogue: Readonly<Record<Language, Phrases>> = { fr: french, en: english }

export function phrasesIn(language: Language): Phrases {
  return catalogue[language]
}
