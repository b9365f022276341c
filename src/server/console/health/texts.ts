import type { Language } from '../../../core/words/language.ts'
import type { HealthTexts } from './page-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const healthTexts: Readonly<Record<Language, HealthTexts>> = { fr: french, en: english }
