import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { PatientId } from '../../core/patient.ts'

export interface AppointmentsTable {
  find(id: AppointmentId): Promise<Appointment | undefined>
  save(appointment: Appointment): Promise<void>
  /** Of one patient, starting at or after `from`, soonest first. */
  ofPatient(patientId: PatientId, from: Temporal.Instant, limit: number): Promise<readonly Appointment[]>
  /** Of one visit number of a connector, in the order of their ids. */
  ofVisit(connectorId: ConnectorId, visit: string, limit: number): Promise<readonly Appointment[]>
  /** Of one clinic, starting at exactly that instant, in the order of their ids. */
  startingAt(clinicId: string, start: Temporal.Instant, limit: number): Promise<readonly Appointment[]>
  /** Of one clinic, starting at or after `from`, in the order of their ids; `after` is the last id of the page before. */
  ahead(clinicId: string, from: Temporal.Instant, after: AppointmentId | undefined, limit: number): Promise<readonly Appointment[]>
  /** Of one clinic, those that something holds until a person looked (V2-ID-4), soonest first; those without a start come first. */
  held(clinicId: string, limit: number): Promise<readonly Appointment[]>
  /** Of one clinic, or of one of its agendas, starting in that time (from included, until not), soonest first; `after` is the last of the page before. */
  starting(clinicId: string, page: StartingPage): Promise<readonly Appointment[]>
  /** How many of one clinic start in that time (from included, until not). */
  countStarting(clinicId: string, span: TimeSpan): Promise<number>
  /** Of those in the order of their starts, the ones after the first `skip`; in no order. */
  slice(clinicId: string, span: TimeSpan, skip: number, limit: number): Promise<readonly Appointment[]>
}

export interface TimeSpan {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
}

export interface StartingPage {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly limit: number
  /** Absent: of every agenda. */
  readonly agendaKey?: string
  readonly after?: { readonly id: AppointmentId; readonly start: Temporal.Instant }
}
