import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { VersionsTexts } from './versions-texts.ts'

export const versionsTexts: Readonly<Record<Language, VersionsTexts>> = { fr: french, en: english }
