import type { Appointment, Aspect, Coded, Confirmation, HoldCode, Place, Practitioner } from '../../core/appointment.ts'
import type { Stamp } from '../../core/stamp.ts'
import { always, flag, instant, list, number, oneOf, optional, record, text } from '../codec.ts'

export const stamp = record<Stamp>({ at: instant, sequence: optional(number) })

export const coded = record<Coded>({ key: text, text: optional(text) })

const said = record<Partial<Record<Aspect, Stamp>>>({
  status: optional(stamp),
  time: optional(stamp),
  agenda: optional(stamp),
  motif: optional(stamp),
  modality: optional(stamp),
  practitioner: optional(stamp),
  location: optional(stamp),
  origin: optional(stamp),
  patient: optional(stamp),
  visit: optional(stamp),
  confirmation: optional(stamp),
})

const status = oneOf<Appointment['status']>({
  proposed: true,
  pending: true,
  waitlist: true,
  booked: true,
  arrived: true,
  'checked-in': true,
  fulfilled: true,
  noshow: true,
  cancelled: true,
  'entered-in-error': true,
  unknown: true,
})

export const modality = oneOf<Appointment['modality']>({ onsite: true, video: true, phone: true, home: true, unknown: true })

const hold = oneOf<HoldCode>({
  'H-TIME-CONFLICT': true,
  'H-NO-TIME': true,
  'H-PATIENT-CHANGED': true,
  'H-NO-PATIENT': true,
  'H-MERGE-AMBIGUOUS': true,
})

const confirmation = record<Confirmation>({
  state: oneOf<Confirmation['state']>({ confirmed: true, declined: true }),
  by: oneOf<Confirmation['by']>({ patient: true, ehr: true }),
  at: instant,
  basis: text,
})

export const appointmentRecord = record<Appointment>({
  id: text,
  clinicId: text,
  connectorId: text,
  ehrId: text,
  status,
  statusRaw: optional(text),
  cancelKind: optional(
    oneOf<NonNullable<Appointment['cancelKind']>>({ cancelled: true, discontinued: true, deleted: true, excused: true }),
  ),
  start: optional(instant),
  end: optional(instant),
  zone: text,
  timeReading: optional(text),
  agenda: optional(coded),
  agendas: optional(list(coded)),
  motif: optional(coded),
  modality,
  joinUrl: optional(text),
  practitioner: optional(record<Practitioner>({ key: optional(text), name: text })),
  location: optional(record<Place>({ key: text, name: optional(text), address: optional(list(text)) })),
  origin: oneOf<Appointment['origin']>({ staff: true, patient_online: true, partner: true, kiosk: true, unknown: true }),
  patientId: optional(text),
  rivals: optional(list(text)),
  patientSettled: optional(stamp),
  visit: optional(text),
  arrival: optional(record<NonNullable<Appointment['arrival']>>({ here: flag, stamp })),
  scheduled: optional(status),
  replaces: optional(text),
  replacedBy: optional(text),
  tombstone: optional(always),
  confirmation: optional(confirmation),
  holds: list(hold),
  warnings: list(text),
  said,
  etag: optional(text),
  envelopeId: optional(text),
  revision: number,
  firstSeenAt: instant,
  changedAt: instant,
})
