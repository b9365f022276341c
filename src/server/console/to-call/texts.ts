import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { ToCallTexts } from './texts-shape.ts'

export const toCallTexts: Readonly<Record<Language, ToCallTexts>> = { fr: french, en: english }
