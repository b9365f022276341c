import type { Language } from '../../../core/words/language.ts'
import type { QuarantineTexts } from './page-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const quarantineTexts: Readonly<Record<Language, QuarantineTexts>> = { fr: french, en: english }
