import type { Language } from '../../../core/words/language.ts'
import { NO_BREAK } from '../../../core/words/typography.ts'

/** `1 204`, `1,204`; with so many digits after the point. */
export function sayNumber(value: number, language: Language, digits = 0): string {
  const said = Math.abs(value).toFixed(digits)
  const [whole = '', rest] = said.split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, language === 'fr' ? NO_BREAK : ',')
  return `${value < 0 ? '−' : ''}${grouped}${rest === undefined ? '' : `${language === 'fr' ? ',' : '.'}${rest}`}`
}

/** `95,8 %`, `95.8%`; undefined of nothing. */
export function sayShare(part: number, whole: number, language: Language): string | undefined {
  if (whole === 0) return undefined
  const per = (part / whole) * 100
  return `${sayNumber(per, language, per < 10 && per > 0 ? 1 : 0)}${language === 'fr' ? `${NO_BREAK}%` : '%'}`
}

const signs: Readonly<Record<string, string>> = { CAD: '$', USD: '$', EUR: '€', GBP: '£' }

/** `20,60 $`, `$20.60`, of ten-thousandths of a currency. */
export function sayMoney(amount: number, currency: string, language: Language, digits = 2): string {
  const said = sayNumber(amount / 10_000, language, digits)
  const sign = signs[currency]
  if (sign === undefined) return `${said}${NO_BREAK}${currency}`
  return language === 'fr' ? `${said}${NO_BREAK}${sign}` : `${sign}${said}`
}
