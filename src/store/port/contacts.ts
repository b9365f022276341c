import type { Temporal } from 'temporal-polyfill'
import type { ChannelKind } from '../../core/patient.ts'

export interface OptOutsTable {
  has(clinicId: string, channel: ChannelKind, contact: string): Promise<boolean>
  /** Of one person's contacts, the channels whose contact is kept here. */
  among(clinicId: string, contacts: { readonly email?: string; readonly sms?: string }): Promise<ReadonlySet<ChannelKind>>
  add(clinicId: string, channel: ChannelKind, contact: string, at: Temporal.Instant): Promise<void>
  /** START, or a person at the patient's word. */
  remove(clinicId: string, channel: ChannelKind, contact: string): Promise<void>
}

/** Numbers whose owner said that they are not the patient's: nothing is texted there (rules.md section 4). */
export interface WrongNumbersTable {
  has(clinicId: string, contact: string): Promise<boolean>
  mark(clinicId: string, contact: string, at: Temporal.Instant): Promise<void>
  lift(clinicId: string, contact: string): Promise<void>
}

/** Consent a person recorded; none: see Settings.consent (gate 7). */
export interface ConsentsTable {
  find(clinicId: string, channel: ChannelKind, contact: string): Promise<Consent | undefined>
  /** The last word saved counts. */
  save(clinicId: string, channel: ChannelKind, contact: string, consent: Consent): Promise<void>
}

export interface Consent {
  readonly state: 'given' | 'withdrawn'
  readonly at: Temporal.Instant
  readonly by: string
}
