import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { InboxTexts } from './texts-shape.ts'

export const inboxTexts: Readonly<Record<Language, InboxTexts>> = { fr: french, en: english }
