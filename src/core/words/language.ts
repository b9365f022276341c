import type { Settings } from '../settings.ts'

/** The languages of pages and of what staff read; messages may have more (`MessageLanguage`). */
export type Language = 'fr' | 'en'

/** The first of the wishes (BCP-47) there are words in, else the clinic's language, else French. */
export function languageFor(settings: Settings, ...wishes: readonly (string | undefined)[]): Language {
  for (const tag of [...wishes, settings.clinic.language]) {
    const language = languageOf(tag)
    if (language) return language
  }
  return 'fr'
}

/** `fr-CA` → `fr`; undefined for a language without words. */
export function languageOf(tag: string | undefined): Language | undefined {
  const primary = tag?.trim().toLowerCase().split(/[-_]/)[0]
  return primary === 'fr' || primary === 'en' ? primary : undefined
}
