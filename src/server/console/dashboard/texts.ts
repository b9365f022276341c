import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { DashboardTexts } from './texts-shape.ts'

export const dashboardTexts: Readonly<Record<Language, DashboardTexts>> = { fr: french, en: english }
