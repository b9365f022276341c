import type { Language } from '../../../core/words/language.ts'
import type { PartsTexts } from './parts-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const partsTexts: Readonly<Record<Language, PartsTexts>> = { fr: french, en: english }
