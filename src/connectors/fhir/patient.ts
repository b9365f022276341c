import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Temporal } from 'temporal-polyfill'
import type { PatientChange } from '../../core/change.ts'
import type { ContactPoint } from '../../core/patient.ts'
import { nameOf } from './people.ts'
import type { FhirContactPoint, PatientResource } from './resources.ts'
import { isWithin } from './time.ts'

export interface ReadingOf {
  readonly zone: string
  readonly region: CountryCode
  /** Periods that are over, or not yet begun, at this instant do not count. */
  readonly at: Temporal.Instant
}

const animal = 'http://hl7.org/fhir/StructureDefinition/patient-animal'
const maxContacts = 20

/** The whole patient: what the resource does not hold is deleted, not kept. */
export function patientChange(ehrId: string, patient: PatientResource, reading: ReadingOf): PatientChange {
  const name = nameOf(patient.name ?? [], reading.at, reading.zone)
  const dead = patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined
  const isAnimal = patient.extension?.some(({ url }) => url === animal) ?? false
  const birthDate = patient.birthDate && /^\d{4}-\d{2}-\d{2}$/.test(patient.birthDate) ? patient.birthDate : null
  return {
    ehrId,
    name: name ? { ...(name.given && { given: name.given }), ...(name.family && { family: name.family }) } : null,
    birthDate,
    language: languageOf(patient),
    contacts: contactsOf(patient.telecom ?? [], reading),
    deceased: dead || patient.active === false || isAnimal,
    otherIds: otherIdsOf(patient),
  }
}

/** HL7 v2 table 0203, of the kinds a record system gives its own patients; a national or financial number is none of them. */
const ownIdTypes: ReadonlySet<string> = new Set(['MR', 'PI', 'PT'])
const maxIds = 20

/** `system|value` of the record's own numbers (V2-ID-4): only what says that it is one. */
function otherIdsOf({ identifier = [] }: PatientResource): readonly string[] {
  const own = identifier.filter(
    ({ use, type }) => use !== 'old' && type?.coding?.some(({ code }) => code !== undefined && ownIdTypes.has(code)),
  )
  return [...new Set(own.flatMap(({ system, value }) => (value && system ? [`${system}|${value}`] : [])))].slice(0, maxIds)
}

/** The preferred one, else the only or first one, as BCP-47: `fre` is `fr`. */
function languageOf({ communication = [] }: PatientResource): string | null {
  const chosen = communication.find(({ preferred }) => preferred === true) ?? communication[0]
  for (const { code } of chosen?.language.coding ?? []) {
    if (!code || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(code)) continue
    try {
      return Intl.getCanonicalLocales(code)[0] ?? null
    } catch {}
  }
  return null
}

export function contactsOf(telecom: readonly FhirContactPoint[], reading: ReadingOf): readonly ContactPoint[] {
  const current = telecom.filter(({ use, period }) => use !== 'old' && isWithin(period, reading.at, reading.zone))
  return current.flatMap((each) => contactOf(each, reading.region) ?? []).slice(0, maxContacts)
}

/** Phone, SMS and e-mail with a value; fax, pager, links and the rest reach nobody here. */
function contactOf({ system, value, use, rank }: FhirContactPoint, region: CountryCode): ContactPoint | undefined {
  const raw = value?.trim()
  if (!raw) return undefined
  const place = { ...(use && isUse(use) && { use }), ...(rank !== undefined && { rank }) }
  if (system === 'email') {
    const address = raw.replace(/^mailto:/i, '').toLowerCase()
    return { kind: 'email', ...(isAddress(address) && { value: address }), ...place }
  }
  if (system !== 'phone' && system !== 'sms') return undefined
  const number = parsePhoneNumberFromString(raw.replace(/^tel:/i, ''), region)
  const known = number?.isValid() ? number : undefined
  const mobile = system === 'sms' || use === 'mobile' ? 'yes' : mobileOf(known?.getType())
  return { kind: 'phone', mobile, ...(known && !known.ext && { value: known.number }), ...place }
}

function mobileOf(type: string | undefined): 'yes' | 'no' | 'unknown' {
  if (type === 'MOBILE') return 'yes'
  return type === undefined || type === 'FIXED_LINE_OR_MOBILE' ? 'unknown' : 'no'
}

function isUse(use: string): use is NonNullable<ContactPoint['use']> {
  return use === 'home' || use === 'work' || use === 'mobile' || use === 'temp' || use === 'old'
}

/** Enough of RFC 5321 to know that it is not a note to staff: one `@`, a dotted domain, no blanks or control characters. */
function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@"<>(),:;\\\p{Cc}]{1,64}@[^\s@"<>(),:;\\\p{Cc}]+\.[^\s@"<>(),:;\\\p{Cc}]{2,}$/u.test(text)
}
