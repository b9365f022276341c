/** Said around an answer out of politeness; they change nothing of it. */
const courtesy =
  /\b(?:S IL VOUS PLAIT|S IL TE PLAIT|SVP|STP|MERCI(?: BEAUCOUP| BIEN)?|BONJOUR|BONSOIR|BJR|HELLO|HI|PLEASE|THANKS|THANK YOU)\b/g

/** Far longer than any answer; what follows makes it one in the writer's own words all the same. */
const longest = 1600

/**
 * A text as it is compared: capitals without accents, letters and figures parted, one space between words. Punctuation, emoji and
 * invisible characters are gone: `« Oui, merci ! 👍 »` is `OUI`, and `1️⃣` is `1`.
 */
export function plainWords(text: string): string {
  const capitals = text
    .slice(0, longest)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[Œœ]/g, 'OE')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .replace(/([A-Z])(?=\d)|(\d)(?=[A-Z])/g, '$& ')
  return capitals.replace(courtesy, ' ').replace(/ +/g, ' ').trim()
}
