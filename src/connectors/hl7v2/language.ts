/** What PID-15 holds instead of a code. */
const names: Readonly<Record<string, string>> = {
  french: 'fr',
  francais: 'fr',
  français: 'fr',
  english: 'en',
  anglais: 'en',
  spanish: 'es',
  espagnol: 'es',
  german: 'de',
  allemand: 'de',
  dutch: 'nl',
  neerlandais: 'nl',
  néerlandais: 'nl',
  italian: 'it',
  italien: 'it',
  portuguese: 'pt',
  portugais: 'pt',
  arabic: 'ar',
  arabe: 'ar',
  chinese: 'zh',
  russian: 'ru',
  turkish: 'tr',
}

/** BCP-47 from ISO 639-1, -2/T, -2/B, a locale, or a name (V2-PID-4); undefined for anything else. */
export function readLanguage(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 35) return undefined
  const word = text.trim().toLowerCase()
  const named = names[word]
  if (named !== undefined) return named
  if (!/^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/.test(word)) return undefined
  try {
    return Intl.getCanonicalLocales(word.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}
