import type { Language } from '../../core/words/language.ts'
import type { ConsoleTexts } from './console-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const consoleTexts: Readonly<Record<Language, ConsoleTexts>> = { fr: french, en: english }
