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

/** What was worked out before: Intl takes its time, and a feed holds a handful of words. */
const known = new Map<string, string | undefined>()
const MOST_KNOWN = 1000

/** BCP-47 from ISO 639-1, -2/T, -2/B, a locale, or a name (V2-PID-4); undefined for anything else. */
export function readLanguage(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 35) return undefined
  const word = text.trim().toLowerCase()
  if (!known.has(word)) {
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(word, names[word] ?? canonical(word))
  }
  return known.get(word)
}

function canonical(word: string): string | undefined {
  if (!/^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/.test(word)) return undefined
  try {
    return Intl.getCanonicalLocales(word.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}
