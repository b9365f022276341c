import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { WebhooksTexts } from './texts-shape.ts'

export const webhooksTexts: Readonly<Record<Language, WebhooksTexts>> = { fr: french, en: english }
