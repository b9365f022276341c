import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from './envelope.ts'
import type { PatientId } from './patient.ts'
import type { Stamp } from './stamp.ts'

/** `connector:ehrId`: a replay meets its own appointment (law 2). */
export type AppointmentId = string

/** FHIR R4 Appointment.status, and `unknown` for a word the connector has no mapping for (D27). */
export type AppointmentStatus =
  | 'proposed'
  | 'pending'
  | 'waitlist'
  | 'booked'
  | 'arrived'
  | 'checked-in'
  | 'fulfilled'
  | 'noshow'
  | 'cancelled'
  | 'entered-in-error'
  | 'unknown'

/** `excused` is Absent excusé: silent (D27). */
export type CancelKind = 'cancelled' | 'discontinued' | 'deleted' | 'excused'

export type Modality = 'onsite' | 'video' | 'phone' | 'home' | 'unknown'

/** Who booked it. Gates 5 and 6 spare only `patient_online`; `unknown` is treated as `staff` (rules.md, Words). */
export type Origin = 'staff' | 'patient_online' | 'partner' | 'kiosk' | 'unknown'

/** A row of a catalogue as the EHR names it: the key is matched, the text is never shown to a patient (MOD-6). */
export interface Coded {
  readonly key: string
  readonly text?: string
}

export interface Practitioner {
  readonly key?: string
  /** As shown to the patient: `Dre Claire Moreau`. */
  readonly name: string
}

export interface Place {
  readonly key: string
  readonly name?: string
  /** Lines from street to city. */
  readonly address?: readonly string[]
}

export type Aspect =
  | 'status'
  | 'time'
  | 'agenda'
  | 'motif'
  | 'modality'
  | 'practitioner'
  | 'location'
  | 'origin'
  | 'patient'
  | 'visit'
  | 'confirmation'

/** What the patient, or the EHR in the patient's name, last answered, and to what: it counts only while `basis` is still true (MOD-5). */
export interface Confirmation {
  readonly state: 'confirmed' | 'declined'
  readonly by: 'patient' | 'ehr'
  readonly at: Temporal.Instant
  /** `confirmationBasis` of the appointment that was answered. */
  readonly basis: string
}

/** Not to be told to anybody before a person looked (interop.md, HoldCode). */
export type HoldCode = 'H-TIME-CONFLICT' | 'H-NO-TIME' | 'H-PATIENT-CHANGED' | 'H-NO-PATIENT' | 'H-MERGE-AMBIGUOUS'

/** One appointment as the EHR's words, newest first, leave it. Optional: the EHR has not said. */
export interface Appointment {
  readonly id: AppointmentId
  readonly clinicId: string
  readonly connectorId: ConnectorId
  readonly ehrId: string
  readonly status: AppointmentStatus
  /** The EHR's own word, when it was not understood. */
  readonly statusRaw?: string
  readonly cancelKind?: CancelKind
  readonly start?: Temporal.Instant
  readonly end?: Temporal.Instant
  /** IANA zone in which every time of it is shown. */
  readonly zone: string
  /** How its start was read: `SCH-11.4 as America/Toronto`. */
  readonly timeReading?: string
  readonly agenda?: Coded
  /** Every diary it sits in, `agenda` first; absent: that one alone. */
  readonly agendas?: readonly Coded[]
  /** Absent: the built-in motif *(sans motif)* (O4). */
  readonly motif?: Coded
  readonly modality: Modality
  readonly joinUrl?: string
  readonly practitioner?: Practitioner
  readonly location?: Place
  readonly origin: Origin
  readonly patientId?: PatientId
  /** Others whom the EHR has named for it, and who are not the same person as far as we know (V2-ID-4). */
  readonly rivals?: readonly PatientId[]
  /** Up to then a person, or the EHR by a moved visit, has said whose it is: no older word puts that in doubt. */
  readonly patientSettled?: Stamp
  /** The visit number, by which an arrival finds it (PV1-19). */
  readonly visit?: string
  /** What was last said of the patient's presence beside the appointment (ADT A10, A11); `scheduled`: what the schedule says meanwhile. */
  readonly arrival?: { readonly here: boolean; readonly stamp: Stamp }
  readonly scheduled?: AppointmentStatus
  /** The EHR's id of the appointment that this one was moved from (V2-ORD-4). */
  readonly replaces?: string
  /** The appointment that this one was moved to, so that its notice is one of a change. */
  readonly replacedBy?: AppointmentId
  /** Nobody sent its booking: it is only known by, and nothing is told of it (V2-ID-5). */
  readonly tombstone?: true
  readonly confirmation?: Confirmation
  readonly holds: readonly HoldCode[]
  /** Codes of interop.md (`W-TIME-CONFLICT`), counted, never a value. */
  readonly warnings: readonly string[]
  /** When the EHR last spoke of each aspect. */
  readonly said: Readonly<Partial<Record<Aspect, Stamp>>>
  /** Version at the EHR, for If-Match; opaque. */
  readonly etag?: string
  /** Inbox id of the last envelope that was applied: a write-back echoes it (WB-V2-1). */
  readonly envelopeId?: string
  /** +1 for each accepted change. */
  readonly revision: number
  readonly firstSeenAt: Temporal.Instant
  readonly changedAt: Temporal.Instant
}

export function appointmentId(connectorId: ConnectorId, ehrId: string): AppointmentId {
  return `${connectorId}:${ehrId}`
}

/** *À venir*: the only status of which reminders are sent (D27). */
export function isUpcoming(appointment: Appointment): boolean {
  return appointment.status === 'booked'
}

/** The patient of it may come in, or has. */
export function mayArrive({ status }: Appointment): boolean {
  return status === 'booked' || status === 'pending' || status === 'arrived'
}

export function isCancelled(appointment: Appointment): boolean {
  return appointment.status === 'cancelled' || appointment.status === 'entered-in-error'
}

/** Absent excusé: told to nobody, and undone in silence (D27, D28). */
export function isExcused(appointment: Appointment): boolean {
  return isCancelled(appointment) && appointment.cancelKind === 'excused'
}

/** What an answer was given to: any change of it makes the answer stale (MOD-5). */
export function confirmationBasis(appointment: Appointment): string {
  const { start, zone, location, modality, patientId } = appointment
  return [start?.epochMilliseconds ?? '', zone, location?.key ?? '', modality, patientId ?? ''].join('|')
}

/** Confirmed for the time, place and modality that are true now. */
export function isConfirmed(appointment: Appointment): boolean {
  const { confirmation } = appointment
  return confirmation?.state === 'confirmed' && confirmation.basis === confirmationBasis(appointment)
}
