import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { AppointmentsTexts } from './texts-shape.ts'

export const appointmentsTexts: Readonly<Record<Language, AppointmentsTexts>> = { fr: french, en: english }
