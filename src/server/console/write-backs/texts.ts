import type { Language } from '../../../core/words/language.ts'
import type { WriteBacksTexts } from './page-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const writeBacksTexts: Readonly<Record<Language, WriteBacksTexts>> = { fr: french, en: english }
