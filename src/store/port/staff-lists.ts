import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { NotificationKind } from '../../core/kind.ts'
import type { PatientId } from '../../core/patient.ts'
import type { ToDo } from '../../core/to-do.ts'
import type { Told } from '../../core/told.ts'

/** Whom no channel can reach (D12). */
export interface ToCallTable {
  find(id: string): Promise<ToCall | undefined>
  save(entry: ToCall): Promise<void>
  /** Of one clinic, not done, the soonest appointment first; those without a start come last. */
  open(clinicId: string, limit: number): Promise<readonly ToCall[]>
  /** Done or not, oldest first. */
  ofAppointment(appointmentId: AppointmentId): Promise<readonly ToCall[]>
}

/** The staff's inbox: replies in patients' own words, and what else only a person can see to. */
export interface ToDoTable {
  find(id: string): Promise<ToDo | undefined>
  save(line: ToDo): Promise<void>
  /** Of one clinic, not done, oldest first; `after` is the last line of the page before. */
  open(clinicId: string, limit: number, after?: Pick<ToDo, 'id' | 'createdAt'>): Promise<readonly ToDo[]>
  /** Deletes lines whose `forgetAt` has come, done or not, so many at most; how many. */
  forget(now: Temporal.Instant, limit: number): Promise<number>
  nextForgetAt(): Promise<Temporal.Instant | undefined>
}

/** One person to telephone, and why no message will do. */
export interface ToCall {
  /** `appointment:news`: the same news is called once. */
  readonly id: string
  readonly clinicId: string
  readonly appointmentId: AppointmentId
  readonly patientId: PatientId
  readonly kind: NotificationKind
  /** The reason's code, of the last channel that was left. */
  readonly reason: string
  readonly start?: Temporal.Instant
  readonly createdAt: Temporal.Instant
  readonly doneAt?: Temporal.Instant
  readonly doneBy?: string
  /** What the patient was taken to know until the call, so that it can be undone. */
  readonly toldBefore?: Told
}
