import type { ConnectorId } from './envelope.ts'
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

export type PatientAspect = 'name' | 'birthDate' | 'language' | 'contacts' | 'deceased'

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
  readonly said: Readonly<Partial<Record<PatientAspect, Stamp>>>
}

export function patientId(connectorId: ConnectorId, ehrId: string): PatientId {
  return `${connectorId}:${ehrId}`
}

export type ChannelKind = 'email' | 'sms' | 'push'

export type MissingContact = 'no_mobile' | 'landline_only' | 'no_email' | 'no_primary_email' | 'invalid_contact' | 'no_device'

export type ContactChoice =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'missing'; readonly reason: MissingContact }

const useOrder = { mobile: 0, home: 1, work: 2, temp: 3, old: 9 } as const

function byPreference(a: ContactPoint, b: ContactPoint): number {
  const rank = (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER)
  return rank || (a.use ? useOrder[a.use] : 1) - (b.use ? useOrder[b.use] : 1)
}

/**
 * The one contact a channel uses (D26, O1, FHIR-PAR ContactPoint order): by rank, then mobile, home, work, then the EHR's order.
 * The primary e-mail is the first of that order; when it is not an address, no other one is tried.
 * A number known to be a mobile comes before any that only may be: lists often begin with the landline at home.
 */
export function contactFor(patient: Patient, channel: ChannelKind, options: { readonly smsToUnknown: boolean }): ContactChoice {
  switch (channel) {
    case 'email': {
      const primary = patient.contacts.filter((contact) => contact.kind === 'email' && contact.use !== 'old').sort(byPreference)[0]
      if (!primary) return { kind: 'missing', reason: 'no_primary_email' }
      return primary.value ? { kind: 'found', value: primary.value } : { kind: 'missing', reason: 'invalid_contact' }
    }
    case 'sms': {
      const phones = patient.contacts.filter((contact) => contact.kind === 'phone' && contact.use !== 'old').sort(byPreference)
      const usable = phones.filter((phone) => phone.mobile === 'yes' || (phone.mobile === 'unknown' && options.smsToUnknown))
      const valid = usable.filter((phone) => phone.value !== undefined)
      const chosen = valid.find((phone) => phone.mobile === 'yes') ?? valid[0]
      if (chosen?.value) return { kind: 'found', value: chosen.value }
      if (usable.length > 0) return { kind: 'missing', reason: 'invalid_contact' }
      if (phones.some((phone) => phone.value !== undefined)) return { kind: 'missing', reason: 'landline_only' }
      return { kind: 'missing', reason: phones.length > 0 ? 'invalid_contact' : 'no_mobile' }
    }
    case 'push':
      return { kind: 'missing', reason: 'no_device' }
    default:
      return channel satisfies never
  }
}
