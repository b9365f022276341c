import type { Language } from '../../../core/words/language.ts'
import type { AbsencesTexts } from './absences-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const absencesTexts: Readonly<Record<Language, AbsencesTexts>> = { fr: french, en: english }
