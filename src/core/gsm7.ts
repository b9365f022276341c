/** The characters of one septet (3GPP TS 23.038, 6.2.1), the escape left out. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Those of two (6.2.1.1). */
const EXTENDED = '\f^{}\\[~]|€'

const septets = new Map<string, number>([
  ...[...BASIC].map((character) => [character, 1] as const),
  ...[...EXTENDED].map((character) => [character, 2] as const),
])

/** What Unicode does not take apart by itself. */
const stead: Readonly<Record<string, string>> = {
  '’': "'", '‘': "'", 'ʼ': "'", '‚': "'", '‛': "'", '´': "'", '`': "'", '′': "'",
  '“': '"', '”': '"', '„': '"', '″': '"', '«': '"', '»': '"', '‹': "'", '›': "'",
  '–': '-', '—': '-', '‐': '-', '‑': '-', '−': '-', '•': '-', '·': '-', '…': '...', '⁄': '/', '×': 'x', '\t': ' ',
  œ: 'oe', Œ: 'OE', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i', ħ: 'h', Ħ: 'H',
} // biome-ignore format: a table

/**
 * The same words inside GSM-7, so that a text costs one segment of 160 and not three of 70: ê → e, ç → c, ’ → '.
 * What has no likeness in it (another script, an emoji) is left out.
 */
export function toGsm7(text: string): string {
  if (plain.test(text)) return text
  const spaced = text.normalize('NFC').replace(/«\s/gu, '"').replace(/\s»/gu, '"')
  return [...spaced].map(inGsm7).join('').replace(/ {2,}/g, ' ').trim()
}

function inGsm7(character: string): string {
  if (septets.has(character)) return character
  const known = stead[character]
  if (known !== undefined) return known
  if (/\p{Zs}/u.test(character)) return ' '
  return [...character.normalize('NFKD')].map((part) => stead[part] ?? (septets.has(part) ? part : '')).join('')
}

/** Words with one space between them, each character in GSM-7: most texts, and as they should be. */
const plain = /^(?:[!-Z_a-zÄÅÉÑÖØÜßàäåèéìñòöøùü]+(?: [!-Z_a-zÄÅÉÑÖØÜßàäåèéìñòöøùü]+)*)?$/

export interface SmsSize {
  readonly encoding: 'gsm7' | 'ucs2'
  /** Septets, or 16-bit units. */
  readonly units: number
  readonly segments: number
}

/** What a text costs: 160 septets or 70 units alone, 153 or 67 for each part of a longer one; no character is cut in two. */
export function smsSegments(text: string): SmsSize {
  const [alone7, part7] = [160, 153]
  const { length } = text
  if (plain.test(text))
    return { encoding: 'gsm7', units: length, segments: length <= alone7 ? Math.min(length, 1) : Math.ceil(length / part7) }
  const characters = [...text]
  const gsm7 = characters.every((character) => septets.has(character))
  const sizes = characters.map((character) => (gsm7 ? (septets.get(character) ?? 1) : character.length))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  const [alone, part] = gsm7 ? [alone7, part7] : [70, 67]
  return { encoding: gsm7 ? 'gsm7' : 'ucs2', units, segments: units <= alone ? Math.min(units, 1) : partsOf(sizes, part) }
}

function partsOf(sizes: readonly number[], capacity: number): number {
  let parts = 1
  let filled = 0
  for (const size of sizes) {
    if (filled + size > capacity) {
      parts += 1
      filled = 0
    }
    filled += size
  }
  return parts
}
