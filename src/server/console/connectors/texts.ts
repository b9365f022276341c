import type { Language } from '../../../core/words/language.ts'
import type { ConnectorsTexts } from './page-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const connectorsTexts: Readonly<Record<Language, ConnectorsTexts>> = { fr: french, en: english }
