import type { Language } from '../../../core/words/language.ts'
import type { CadencesTexts } from './cadences-texts.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const cadencesTexts: Readonly<Record<Language, CadencesTexts>> = { fr: french, en: english }
