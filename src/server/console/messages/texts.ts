import type { Language } from '../../../core/words/language.ts'
import type { MessagesTexts } from './messages-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const messagesTexts: Readonly<Record<Language, MessagesTexts>> = { fr: french, en: english }
