import type { Temporal } from 'temporal-polyfill'
import type { AppointmentStatus, CancelKind, Coded, Modality, Origin, Place, Practitioner } from './appointment.ts'
import type { ContactPoint, Relative } from './patient.ts'
import type { Stamp } from './stamp.ts'

/** What an envelope says of a patient. Absent: no information, keep; `null`: the EHR deletes it (V2-ENC-4). */
export interface PatientChange {
  readonly ehrId: string
  /** When the EHR last changed the patient, where it says so; else the change's own stamp counts. */
  readonly stamp?: Stamp
  readonly name?: { readonly given?: string; readonly family?: string } | null
  readonly birthDate?: string | null
  readonly language?: string | null
  /** The whole list, replacing the one before. */
  readonly contacts?: readonly ContactPoint[]
  /** Dead, inactive, or an animal. */
  readonly deceased?: boolean
  /** The whole list, replacing the one before. */
  readonly relatives?: readonly Relative[]
  /** The patient's other ids at the same EHR, never a national one: two records that share one are of one person (V2-ID-4). */
  readonly otherIds?: readonly string[]
}

/** What an envelope says of one appointment, in the model's words. Absent: no information, keep; `null`: the EHR deletes it. */
export interface AppointmentChange {
  readonly ehrId: string
  /** The source's own clock (law 5): MSH-7, meta.lastUpdated; the arrival where that clock is unusable (`W-CLOCK`). */
  readonly stamp: Stamp
  readonly status?: { readonly value: AppointmentStatus; readonly raw?: string; readonly cancelKind?: CancelKind }
  /** `null`: the EHR says that there is no usable start; `conflict`: its fields name different dates. */
  readonly time?: { readonly start: Temporal.Instant; readonly end?: Temporal.Instant; readonly conflict?: boolean } | null
  /** IANA zone of the place, when the EHR or the mapping knows a better one than the connector's. */
  readonly zone?: string
  readonly agenda?: Coded | null
  /** Every diary it sits in, `agenda` first (V2-RES-6, FHIR-PAR-3): the first that the settings know counts. */
  readonly agendas?: readonly Coded[]
  readonly motif?: Coded | null
  readonly modality?: { readonly value: Modality; readonly joinUrl?: string }
  readonly practitioner?: Practitioner | null
  readonly location?: Place | null
  readonly origin?: Origin
  readonly confirmation?: 'confirmed' | 'declined'
  readonly patient?: PatientChange
  readonly etag?: string
  /** The visit number, by which an arrival finds it (PV1-19). */
  readonly visit?: string
  /** The EHR's id of the appointment this one was moved from (SCH-24, SCH-23, R5 previousAppointment; V2-ORD-4). */
  readonly replaces?: string
  /** Nobody sent its booking: it is only to be known by, and nothing is told of it (V2-ID-5). */
  readonly tombstone?: boolean
  /** How its start was read, for whoever doubts it: `SCH-11.4 as America/Toronto`. */
  readonly timeReading?: string
  /** Codes of interop.md (`W-UNIT-GUESSED`). */
  readonly warnings: readonly string[]
}
