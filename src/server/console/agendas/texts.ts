import type { Language } from '../../../core/words/language.ts'
import type { AgendasTexts } from './agendas-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const agendasTexts: Readonly<Record<Language, AgendasTexts>> = { fr: french, en: english }
