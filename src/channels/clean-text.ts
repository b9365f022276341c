/** C0 and C1 controls, lone surrogates, byte order marks, and the marks that reorder what is read (Unicode TR9: embeddings, overrides, isolates). */
const UNSAFE = /[\p{Cc}\p{Surrogate}\u202A-\u202E\u2066-\u2069\uFEFF]/gu

/** Text for one line: a header, a list entry. Line breaks become a space, so that it cannot start a line of its own (R24). */
export function cleanLine(text: string): string {
  return text
    .replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, ' ')
    .replace(UNSAFE, '')
    .trim()
}

/** Text that may run over several lines; nothing else in it acts on a screen or a phone (R24). */
export function cleanText(text: string): string {
  return text
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/)
    .map((line) => line.replace(/\t/g, ' ').replace(UNSAFE, ''))
    .join('\n')
}
