import type { Language } from '../../../core/words/language.ts'
import type { PatientsTexts } from './patients-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const patientsTexts: Readonly<Record<Language, PatientsTexts>> = { fr: french, en: english }
