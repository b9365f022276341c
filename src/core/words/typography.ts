/** Between a number and its unit, before a colon, inside « ». */
export const NO_BREAK = '\u00a0'
/** The thin one, before ; ? ! */
const THIN = '\u202f'

/** Puts French non-breaking spaces where a plain one was typed. Never for an SMS: neither is in GSM-7. */
function typeset(text: string): string {
  return text
    .replace(/ ([;?!])/g, `${THIN}$1`)
    .replace(/ ([:%$»])/g, `${NO_BREAK}$1`)
    .replace(/« /g, `«${NO_BREAK}`)
}

/** As a sentence or a line begins. */
export function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** A template whose text is typeset as a whole: `fr`, so that catalogues can be typed with plain spaces. */
export function fr(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return typeset(String.raw({ raw: parts }, ...values))
}

/** Words of letters, digits and signs with one space between them: most names, and as they should be. */
const plain = /^(?:[!-z~À-ÿ]+(?: [!-z~À-ÿ]+)*)?$/

/**
 * A name or address from outside, fit to stand in a sentence: one line, no control character, at most `limit` characters,
 * and no brace, nor what GSM-7 would make one, so that it can never be taken for `{link}` (R26).
 */
export function oneLine(text: string, limit = 120): string {
  if (text.length <= limit && plain.test(text)) return text
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}{}︷︸﹛﹜｛｝]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...clean]
  return characters.length > limit
    ? `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
    : clean
}
