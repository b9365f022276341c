import type { Language } from '../../../core/words/language.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export interface PartsTexts {
  readonly filter: string
  readonly pages: string
  readonly previous: string
  readonly next: string
  readonly page: (page: number, pages: number | undefined) => string
  readonly errors: (count: number) => string
}

export const partsTexts: Readonly<Record<Language, PartsTexts>> = { fr: french, en: english }
