import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { LogImport, SaidElsewhere, Watched } from '../../core/rollout-log.ts'

/** From included, until not; the oldest first, `limit` at most. */
export interface ShadowSpan {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly limit: number
}

/** What we would have told while we only watched, beside what the former system says that it told; all of it for a time. */
export interface ShadowTable {
  /** One of each notification. */
  watch(line: Watched): Promise<void>
  watched(clinicId: string, span: ShadowSpan): Promise<readonly Watched[]>
  watchedOf(appointmentId: AppointmentId): Promise<readonly Watched[]>
  /** False: it was taken before. */
  hear(line: SaidElsewhere): Promise<boolean>
  heard(clinicId: string, span: ShadowSpan): Promise<readonly SaidElsewhere[]>
  saveImport(file: LogImport): Promise<void>
  /** Newest first. */
  imports(clinicId: string, limit: number): Promise<readonly LogImport[]>
  /** Deletes of each what its time has come for, so many at most; how many. */
  forget(now: Temporal.Instant, limit: number): Promise<number>
  nextForgetAt(): Promise<Temporal.Instant | undefined>
  /** Whatever names the appointment, or the patient. */
  forgetOf(about: { readonly appointmentId: AppointmentId } | { readonly patientId: string }): Promise<void>
}
