import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { HoldsTexts } from './texts-shape.ts'

export const holdsTexts: Readonly<Record<Language, HoldsTexts>> = { fr: french, en: english }
