import type { ContactPoint, Patient, PatientAspect, Relative } from '../../core/patient.ts'
import type { Stamp } from '../../core/stamp.ts'
import { flag, list, number, oneOf, optional, record, text } from '../codec.ts'
import { stamp } from './appointment.ts'

const contact = record<ContactPoint>({
  kind: oneOf<ContactPoint['kind']>({ phone: true, email: true }),
  value: optional(text),
  mobile: optional(oneOf<NonNullable<ContactPoint['mobile']>>({ yes: true, no: true, unknown: true })),
  use: optional(oneOf<NonNullable<ContactPoint['use']>>({ home: true, work: true, mobile: true, temp: true, old: true })),
  rank: optional(number),
})

const relative = record<Relative>({ ehrId: optional(text), guardian: flag, contacts: list(contact) })

const aspect = oneOf<PatientAspect>({
  name: true,
  birthDate: true,
  language: true,
  contacts: true,
  deceased: true,
  relatives: true,
  otherIds: true,
})

const said = record<Partial<Record<PatientAspect, Stamp>>>({
  name: optional(stamp),
  birthDate: optional(stamp),
  language: optional(stamp),
  contacts: optional(stamp),
  deceased: optional(stamp),
  relatives: optional(stamp),
  otherIds: optional(stamp),
})

/** What the EHR said; what they chose has a record of its own. */
export const patientRecord = record<Omit<Patient, 'preferences'>>({
  id: text,
  clinicId: text,
  connectorId: text,
  ehrId: text,
  givenName: optional(text),
  familyName: optional(text),
  birthDate: optional(text),
  language: optional(text),
  contacts: list(contact),
  deceased: flag,
  relatives: optional(list(relative)),
  otherIds: optional(list(text)),
  said,
  inherited: optional(list(aspect)),
})
