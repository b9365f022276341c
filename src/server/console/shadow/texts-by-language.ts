import type { Language } from '../../../core/words/language.ts'
import type { ShadowTexts } from './texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const shadowTexts: Readonly<Record<Language, ShadowTexts>> = { fr: french, en: english }
