import type { Language } from '../../../core/words/language.ts'
import type { MotifsTexts } from './motifs-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const motifsTexts: Readonly<Record<Language, MotifsTexts>> = { fr: french, en: english }
