import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { PatientId } from '../../core/patient.ts'
import type { ToDo } from '../../core/to-do.ts'
import type { InboxRow } from './inbox.ts'

/** Patients who are to be forgotten (R39). */
export interface ErasuresTable {
  find(id: string): Promise<Erasure | undefined>
  save(erasure: Erasure): Promise<void>
  /** `confirmed`, and not done. */
  confirmed(limit: number): Promise<readonly Erasure[]>
}

/** `asked` by one act, `confirmed` by another, and then carried out. */
export interface Erasure {
  readonly id: string
  readonly clinicId: string
  /** Gone once it is done. */
  readonly patientId?: PatientId
  /** Salted with the erasure's id: whoever knows the patient can tell that it was they. */
  readonly patientHash: string
  readonly state: 'asked' | 'confirmed' | 'done'
  readonly askedAt: Temporal.Instant
  readonly askedBy: string
  readonly confirmedBy?: string
  /** How far the envelopes have been looked through, by the last id. */
  readonly after?: string
  /** What is gone so far. */
  readonly appointments: number
  readonly envelopes: number
  readonly doneAt?: Temporal.Instant
}

/** Deletes for good what is kept no longer, and what a patient may ask to have forgotten (R39). */
export interface ForgettingTable {
  /** Settled before then, and the last of no appointment; the oldest first. */
  envelopes(before: Temporal.Instant, limit: number): Promise<readonly { readonly id: string; readonly archived: boolean }[]>
  /** All there are, in the order of their ids, with the bodies that are not in the archive; `pinned`: the last of an appointment. */
  envelopesAfter(id: string, limit: number): Promise<readonly { readonly row: InboxRow; readonly pinned: boolean }[]>
  /** Of an appointment that stays, the bytes alone. What the archive has of it is the caller's to remove. */
  forgetEnvelope(id: string): Promise<void>
  /** Of one clinic, which started before then, the oldest first. */
  appointments(clinicId: string, before: Temporal.Instant, limit: number): Promise<readonly AppointmentId[]>
  appointmentsOf(patientId: PatientId): Promise<readonly AppointmentId[]>
  /** And all that hangs on it; the details of its audit go, the rows stay. The sums of usage stay. Its patient, where it was their last. */
  forgetAppointment(id: AppointmentId): Promise<PatientId | undefined>
  /** Records that were merged into this one. */
  priorIdsOf(patientId: PatientId): Promise<readonly PatientId[]>
  forgetPatient(id: PatientId): Promise<void>
  /** Consents, opt-outs and marks of one phone number or address. */
  forgetContact(clinicId: string, contact: string): Promise<void>
  /** Lines of the staff's inbox. */
  forgetToDo(isMeant: (line: ToDo) => boolean): Promise<void>
  /** Heard before then, so many at most; how many. */
  inboundTexts(before: Temporal.Instant, limit: number): Promise<number>
  /** Over before then. */
  questions(before: Temporal.Instant, limit: number): Promise<number>
  /** Of acts before then; the rows and the chain stay (R31). */
  auditDetails(before: Temporal.Instant, limit: number): Promise<number>
}
