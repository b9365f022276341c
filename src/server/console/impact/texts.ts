import type { Language } from '../../../core/words/language.ts'
import type { ImpactTexts } from './impact-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const impactTexts: Readonly<Record<Language, ImpactTexts>> = { fr: french, en: english }
