import type { Language } from '../../core/words/language.ts'
import type { PageTexts } from './page-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

const texts: Readonly<Record<Language, PageTexts>> = { fr: french, en: english }

export function textsIn(language: Language): PageTexts {
  return texts[language]
}
