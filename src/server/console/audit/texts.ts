import type { Language } from '../../../core/words/language.ts'
import type { AuditTexts } from './page-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const auditTexts: Readonly<Record<Language, AuditTexts>> = { fr: french, en: english }
