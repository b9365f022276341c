import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Temporal } from 'temporal-polyfill'
import type { ContactPoint } from '../../core/patient.ts'
import type { Message } from './reader.ts'
import { componentOf } from './reader.ts'
import { readRegion } from './region.ts'
import { parseTimestamp } from './timestamp.ts'

export interface TelecomContext {
  /** PID-13 is home, PID-14 work (V2-TEL-1). */
  readonly use?: 'home' | 'work'
  readonly region: CountryCode
  /** A number whose period ended before is `old`. */
  readonly receivedAt: Temporal.Instant
  /** Numbers that fill a field, digits only. */
  readonly junkNumbers: ReadonlySet<string>
}

export type Telecom = { readonly kind: 'contact'; readonly contact: ContactPoint } | { readonly kind: 'none'; readonly warning?: string }

type Equipment = 'phone' | 'cell' | 'fax' | 'pager' | 'email'
type Use = 'home' | 'work' | 'temp' | 'personal'

/** HL7 tables 0201 and 0202, and what senders write in their place, in either position. */
const equipments: Readonly<Record<string, Equipment>> = table({
  phone: 'P PH PHONE',
  cell: 'CP C CELL M MOB MOBILE MC SAT',
  fax: 'FX FAX',
  pager: 'BP BPN',
  email: 'NET INTERNET X.400 EMAIL',
})
const uses: Readonly<Record<string, Use>> = table({ home: 'H HP HOME PRN', work: 'W WP WK BUS WPN', temp: 'ORN VHN', personal: 'PRS' })

function table<T extends string>(words: Readonly<Record<T, string>>): Record<string, T> {
  const result: Record<string, T> = {}
  for (const [meaning, list] of Object.entries(words) as [T, string][]) for (const word of list.split(' ')) result[word] = meaning
  return result
}

const LONGEST_NUMBER = 64
const DAY_MS = 86_400_000
const LONGEST_ADDRESS = 254

/** One XTN: a repetition of PID-13, NK1-5 and the like. `none`: nothing to call or write to, a fax and a pager included. */
export function readTelecom(message: Message, repetition: string, context: TelecomContext): Telecom {
  const part = (component: number): string | undefined => componentOf(message, repetition, component) ?? undefined
  const codes = [part(2), part(3)].map((code) => code?.toUpperCase() ?? '')
  const equipment = pick(codes, equipments)
  const use = pick(codes, uses) ?? context.use
  const rank = readRank(part(18))
  const old = hasEnded(part(14), context.receivedAt)
  const shared = { ...(rank !== undefined && { rank }), ...usage(use, old) }
  if (equipment === 'fax' || equipment === 'pager') return { kind: 'none' }
  const address = [part(4), part(1)].find((text) => text?.includes('@'))
  if (address !== undefined) return { kind: 'contact', contact: { kind: 'email', ...emailValue(address), ...shared } }
  if (equipment === 'email') return { kind: 'none', warning: 'W-EMAIL-EMPTY' }
  const written = writtenNumber(part)
  if (written === undefined || isJunk(written, context.junkNumbers)) return { kind: 'none' }
  const region = readRegion(part(5)) ?? context.region
  const extension = part(8) !== undefined
  const phone = readPhone(written, region, { declaredCell: equipment === 'cell' || use === 'personal', extension })
  // v2-to-FHIR: a cell phone is `mobile`, but one of the office, or of the holidays, stays what it is.
  const isMobile = phone.mobile === 'yes' && !old && use !== 'temp' && use !== 'work'
  return { kind: 'contact', contact: { kind: 'phone', ...phone, ...shared, ...(isMobile && { use: 'mobile' as const }) } }
}

function pick<T>(codes: readonly string[], meanings: Readonly<Record<string, T>>): T | undefined {
  return codes.map((code) => meanings[code]).find((meaning) => meaning !== undefined)
}

function usage(use: Use | undefined, old: boolean): Pick<ContactPoint, 'use'> {
  if (old) return { use: 'old' }
  if (use === undefined) return {}
  return { use: use === 'personal' ? 'home' : use }
}

function readRank(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined
}

/** The last day of XTN.14 or NK1-9; in whatever zone, it is over a day later. */
export function hasEnded(end: string | undefined, receivedAt: Temporal.Instant): boolean {
  const until = end === undefined ? undefined : parseTimestamp(end)
  return until !== undefined && until.wallMs + DAY_MS < receivedAt.epochMilliseconds
}

function emailValue(text: string): Pick<ContactPoint, 'value'> {
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, '')
  return address.length <= LONGEST_ADDRESS && /^[^\s@"<>,;:()]+@[^\s@"<>,;:()]+\.[^\s@"<>,;:().]+$/.test(address) ? { value: address } : {}
}

/** XTN.7 with its area and country, else the text of XTN.1, else XTN.12, else a number in XTN.4 (UK). */
function writtenNumber(part: (component: number) => string | undefined): string | undefined {
  const local = part(7)
  if (local !== undefined) {
    const country = part(5)
    const prefix = country !== undefined && /^\+?\d{1,4}$/.test(country) ? `+${country.replace('+', '')} ` : ''
    return `${prefix}${part(6) ?? ''} ${local}`
  }
  const fourth = part(4)
  return part(1) ?? part(12) ?? (fourth !== undefined && /^[+\d][\d\s().-]{5,}$/.test(fourth.slice(0, LONGEST_NUMBER)) ? fourth : undefined)
}

/** No digit, the same digit throughout, or a number of the site's list: a receptionist filling a mandatory field. */
function isJunk(text: string, junkNumbers: ReadonlySet<string>): boolean {
  const digits = text.slice(0, LONGEST_NUMBER).replace(/\D/g, '')
  return digits === '' || /^(\d)\1*$/.test(digits) || junkNumbers.has(digits)
}

/**
 * Numbers with something behind them: `(919)379-1212X123B5C call after 5` (the TN of versions 2.1 to 2.4), `0612345678 / 0145678901`,
 * `0612345678 (maman)`: the first number, and its extension.
 */
const leading = /^([^A-Za-z/;,]{6,}?)\s*\(?\s*(?:(?:x|ext\.?)\s*(\d{1,7})|[A-Za-z/;,].*|$)/i

interface Parsed {
  readonly number?: PhoneNumber
  readonly valid: boolean
  readonly extension: boolean
}

function parsePhone(text: string, region: CountryCode): Parsed {
  if (text.length > LONGEST_NUMBER) return { valid: false, extension: false }
  const whole = parsePhoneNumberFromString(text, region)
  if (whole?.isValid()) return { number: whole, valid: true, extension: whole.ext !== undefined }
  const [, first, ext] = leading.exec(text) ?? []
  const cut = first === undefined || first === text ? undefined : parsePhoneNumberFromString(first, region)
  const valid = cut?.isValid() ?? false
  const number = valid ? cut : whole
  return { ...(number && { number }), valid, extension: ext !== undefined || number?.ext !== undefined }
}

/** E.164 if it is a number there; declared a cell phone, a possible one is believed: number plans outgrow their descriptions. */
function readPhone(
  text: string,
  region: CountryCode,
  hints: { readonly declaredCell: boolean; readonly extension: boolean },
): Pick<ContactPoint, 'value' | 'mobile'> {
  const { number, valid, extension } = parsePhone(text, region)
  const usable = number && (valid || (hints.declaredCell && number.isPossible()))
  const value = usable ? { value: number.number } : {}
  if (extension || hints.extension) return { ...value, mobile: 'no' }
  if (hints.declaredCell) return { ...value, mobile: 'yes' }
  switch (number?.getType()) {
    case 'MOBILE':
      return { ...value, mobile: 'yes' }
    case 'FIXED_LINE':
    case 'PAGER':
    case 'TOLL_FREE':
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
    case 'UAN':
    case 'VOICEMAIL':
      return { ...value, mobile: 'no' }
    default:
      return { ...value, mobile: 'unknown' }
  }
}
