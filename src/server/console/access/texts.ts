import type { Language } from '../../../core/words/language.ts'
import type { AccessTexts } from './access-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

const texts: Readonly<Record<Language, AccessTexts>> = { fr: french, en: english }

export function accessTexts(language: Language): AccessTexts {
  return texts[language]
}
