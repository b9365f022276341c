import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type Caller, mayReach } from '../../../core/access.ts'
import type { ContactPoint, Patient } from '../../../core/patient.ts'
import { NO_BREAK } from '../../../core/words/typography.ts'

/** Readers see that there is a number, not which. */
export function maySeePhones(caller: Caller): boolean {
  return mayReach(caller, ['appointments'])
}

/** `418 555-0177` where it is dialled so, else with its country. */
export function sayPhone(value: string): string {
  const number = parsePhoneNumberFromString(value)
  if (!number) return value
  const said =
    number.countryCallingCode === '1' || number.countryCallingCode === '33' ? number.formatNational() : number.formatInternational()
  return said.replace(/^\((\d{3})\) /, '$1 ').replaceAll(' ', NO_BREAK)
}

/** `••• 0177`, `e…@example.org`: enough to tell one from another. */
export function mask(contact: string): string {
  const [name = '', host] = contact.split('@')
  return host === undefined ? `•••${NO_BREAK}${contact.slice(-4)}` : `${[...name][0] ?? ''}…@${host}`
}

/** The numbers to try, each once: the patient's, then those of who stands for a minor. */
export function phonesOf({ contacts, relatives = [] }: Patient): readonly { readonly value: string; readonly ofRelative: boolean }[] {
  const own = numbersIn(contacts).map((value) => ({ value, ofRelative: false }))
  const others = relatives.filter(({ guardian }) => guardian).flatMap((each) => numbersIn(each.contacts))
  const known = new Set(own.map(({ value }) => value))
  return [...own, ...[...new Set(others)].filter((value) => !known.has(value)).map((value) => ({ value, ofRelative: true }))]
}

function numbersIn(contacts: readonly ContactPoint[]): readonly string[] {
  return [...new Set(contacts.flatMap(({ kind, use, value }) => (kind === 'phone' && use !== 'old' && value ? [value] : [])))]
}

/** What somebody typed, as any of the numbers it may be (E.164): with its country, or dialled at home where our clinics are. */
export function readPhones(typed: string): readonly string[] {
  if (!/^[+\d][\d\s().·/-]{5,}$/.test(typed.trim())) return []
  const read = (['CA', 'FR', 'BE', 'CH', 'GB'] as const).map((country) => parsePhoneNumberFromString(typed, country))
  return [...new Set(read.flatMap((number) => (number?.isPossible() ? [number.number as string] : [])))]
}
