/** What a template says by itself, variables left out: as it stands, and closed up, so that nothing hides by being cut in two. */
export function literalsOf(source: string): readonly string[] {
  return [' ', ''].map((gap) =>
    source.replace(/\{\{([\s\S]*?)\}\}|\{%([\s\S]*?)%\}/g, (_, ...inner: unknown[]) => `${gap}${quotedIn(inner)}${gap}`),
  )
}

/** Texts given to a filter or compared with: they may be printed too. */
function quotedIn(inner: readonly unknown[]): string {
  const code = inner.slice(0, 2).find((part) => typeof part === 'string')
  return [...String(code ?? '').matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? '').join(' ')
}

/** Letters and digits without accents, one space between words, one at each end: to look words up in. */
export function plainWords(text: string): string {
  const letters = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
  return ` ${letters.trim()} `
}
