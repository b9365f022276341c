import type { Language } from '../../../core/words/language.ts'
import type { SignInTexts } from './sign-in-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

const texts: Readonly<Record<Language, SignInTexts>> = { fr: french, en: english }

export function signInTexts(language: Language): SignInTexts {
  return texts[language]
}
