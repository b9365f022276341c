import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from './envelope.ts'
import type { Device, Preferences } from './preferences.ts'
import type { Stamp } from './stamp.ts'

/** `connector:ehrId`. */
export type PatientId = string

export interface ContactPoint {
  readonly kind: 'phone' | 'email'
  /** E.164 (`+33612345678`), or the address in lower case. Absent: what the EHR holds is not one, so nothing can be sent to it. */
  readonly value?: string
  /** Of a phone. `unknown` where numbers do not tell (North America). */
  readonly mobile?: 'yes' | 'no' | 'unknown'
  readonly use?: 'home' | 'work' | 'mobile' | 'temp' | 'old'
  /** 1 is the first to use; absent comes last. */
  readonly rank?: number
}

/** Somebody the patient's record names: NK1, RelatedPerson, Patient.contact. */
export interface Relative {
  /** The relative's own record at the same EHR, where it is named. */
  readonly ehrId?: string
  /** May be told in the place of a minor (V2-REL-1). */
  readonly guardian: boolean
  readonly contacts: readonly ContactPoint[]
}

export type PatientAspect = 'name' | 'birthDate' | 'language' | 'contacts' | 'deceased' | 'relatives' | 'otherIds'

export interface Patient {
  readonly id: PatientId
  readonly clinicId: string
  readonly connectorId: ConnectorId
  readonly ehrId: string
  readonly givenName?: string
  readonly familyName?: string
  /** `YYYY-MM-DD`, never shifted by a zone (V2-PID-3). */
  readonly birthDate?: string
  /** BCP-47: `fr`, `en-CA`. */
  readonly language?: string
  /** In the order of the EHR. */
  readonly contacts: readonly ContactPoint[]
  /** Dead, inactive or an animal: nobody is told anything (V2-PID-5). */
  readonly deceased: boolean
  readonly relatives?: readonly Relative[]
  /** The EHR's other ids of the same person: records that share one are of one person (V2-ID-4). */
  readonly otherIds?: readonly string[]
  readonly said: Readonly<Partial<Record<PatientAspect, Stamp>>>
  /** Aspects of which only a record that was merged into this one has spoken: any word of its own takes their place. */
  readonly inherited?: readonly PatientAspect[]
  /** Not the EHR's word, but their own. */
  readonly preferences?: Preferences
}

/** In which they are written to: as they chose, else as the EHR says. */
export function languageOfPatient({ preferences, language }: Pick<Patient, 'preferences' | 'language'>): string | undefined {
  return preferences?.language ?? language
}

export function patientId(connectorId: ConnectorId, ehrId: string): PatientId {
  return `${connectorId}:${ehrId}`
}

export type ChannelKind = 'email' | 'sms' | 'push'

export type MissingContact =
  | 'no_mobile'
  | 'landline_only'
  | 'no_email'
  | 'no_primary_email'
  | 'invalid_contact'
  | 'no_device'
  | 'no_guardian_contact'

export type ContactChoice =
  /** `needsConsent`: a relative's, of a minor who decides: used only where a person recorded a consent (MOD-12). */
  | { readonly kind: 'found'; readonly value: string; readonly needsConsent?: true }
  | { readonly kind: 'missing'; readonly reason: MissingContact }

const useOrder = { mobile: 0, home: 1, work: 2, temp: 3, old: 9 } as const

function byPreference(a: ContactPoint, b: ContactPoint): number {
  const rank = (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER)
  return rank || (a.use ? useOrder[a.use] : 1) - (b.use ? useOrder[b.use] : 1)
}

/** What of a clinic's settings says whose contact is used. */
export interface ContactRules {
  readonly smsToUnknown: boolean
  /** MOD-12: a minor's own record, where practices put the parent's contacts, or the guardians that the EHR names. Absent: `record`. */
  readonly minors?: 'record' | 'guardian'
  /** Years; absent: 18. */
  readonly majority?: number
  /** Years from which a minor decides: told by their own contacts, and by a relative's only with a consent on record. Absent: never. */
  readonly privacyAge?: number
}

/** What an age is counted at: the start, or when it was first seen where there is none. */
export interface Visit {
  readonly start?: Temporal.Instant
  readonly firstSeenAt: Temporal.Instant
  readonly zone: string
}

/**
 * The one contact a channel uses (D26, O1, FHIR-PAR ContactPoint order): by rank, then mobile, home, work, then the EHR's order.
 * The primary e-mail is the first of that order; when it is not an address, no other one is tried.
 * A number known to be a mobile comes before any that only may be: lists often begin with the landline at home.
 * Of a minor at the visit, whose contact it is follows MOD-12.
 */
export function contactFor(patient: Patient, channel: ChannelKind, rules: ContactRules, visit: Visit): ContactChoice {
  if (channel === 'push') return deviceChoice(patient, rules, visit)
  if (rules.minors !== 'guardian' && rules.privacyAge === undefined) return choose(patient.contacts, channel, rules)
  const age = ageAt(patient.birthDate, visit)
  if (age === undefined || age >= (rules.majority ?? 18)) return choose(patient.contacts, channel, rules)
  const relatives = patient.relatives ?? []
  if (rules.privacyAge !== undefined && age >= rules.privacyAge) {
    const own = choose(patient.contacts, channel, rules)
    const isShared = own.kind === 'found' && relatives.some(({ contacts }) => contacts.some(({ value }) => value === own.value))
    return isShared ? { ...own, needsConsent: true } : own
  }
  if (rules.minors !== 'guardian') return choose(patient.contacts, channel, rules)
  const guardians = relatives.filter(({ guardian }) => guardian).flatMap(({ contacts }) => contacts)
  const choice = choose(guardians, channel, rules)
  return choice.kind === 'found' ? choice : { kind: 'missing', reason: 'no_guardian_contact' }
}

/**
 * The browsers a patient is told on at this visit. One that was registered while somebody else decided (MOD-12) is not among them: a parent's
 * phone is not told of the visits of a child who now decides, until it is registered from a message to that child.
 */
export function devicesFor({ preferences, birthDate }: Patient, rules: ContactRules, visit: Visit): readonly Device[] {
  const now = deciderAt(birthDate, rules, visit)
  return (preferences?.devices ?? []).filter(
    ({ registeredAt }) => deciderAt(birthDate, rules, { firstSeenAt: registeredAt, zone: visit.zone }) === now,
  )
}

/** Named by the patient: who stops it, or agrees to it, does so for all their devices. */
function deviceChoice(patient: Patient, rules: ContactRules, visit: Visit): ContactChoice {
  return devicesFor(patient, rules, visit).length > 0 ? { kind: 'found', value: patient.id } : { kind: 'missing', reason: 'no_device' }
}

function deciderAt(birthDate: string | undefined, rules: ContactRules, visit: Visit): 'guardian' | 'minor' | 'patient' {
  if (rules.minors !== 'guardian' && rules.privacyAge === undefined) return 'patient'
  const age = ageAt(birthDate, visit)
  if (age === undefined || age >= (rules.majority ?? 18)) return 'patient'
  return rules.privacyAge !== undefined && age >= rules.privacyAge ? 'minor' : 'guardian'
}

/** In whole years, by the calendar of the visit; undefined where the birth date is not known. */
function ageAt(birthDate: string | undefined, { start, firstSeenAt, zone }: Visit): number | undefined {
  if (birthDate === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return undefined
  const day = (start ?? firstSeenAt).toZonedDateTimeISO(zone).toPlainDate().toString()
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}

function choose(contacts: readonly ContactPoint[], channel: 'email' | 'sms', { smsToUnknown }: ContactRules): ContactChoice {
  switch (channel) {
    case 'email': {
      const primary = contacts.filter((contact) => contact.kind === 'email' && contact.use !== 'old').sort(byPreference)[0]
      if (!primary) return { kind: 'missing', reason: 'no_primary_email' }
      return primary.value ? { kind: 'found', value: primary.value } : { kind: 'missing', reason: 'invalid_contact' }
    }
    case 'sms': {
      const phones = contacts.filter((contact) => contact.kind === 'phone' && contact.use !== 'old').sort(byPreference)
      const usable = phones.filter((phone) => phone.mobile === 'yes' || (phone.mobile === 'unknown' && smsToUnknown))
      const valid = usable.filter((phone) => phone.value !== undefined)
      const chosen = valid.find((phone) => phone.mobile === 'yes') ?? valid[0]
      if (chosen?.value) return { kind: 'found', value: chosen.value }
      if (usable.length > 0) return { kind: 'missing', reason: 'invalid_contact' }
      if (phones.some((phone) => phone.value !== undefined)) return { kind: 'missing', reason: 'landline_only' }
      return { kind: 'missing', reason: phones.length > 0 ? 'invalid_contact' : 'no_mobile' }
    }
    default:
      return channel satisfies never
  }
}
