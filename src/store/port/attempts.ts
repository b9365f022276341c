import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { DeliveryAttempt, SendOutcome } from '../../core/delivery.ts'

export interface AttemptsTable {
  find(id: string): Promise<DeliveryAttempt | undefined>
  save(attempt: DeliveryAttempt): Promise<void>
  finish(id: string, outcome: SendOutcome, at: Temporal.Instant): Promise<void>
  /** Started and never finished, oldest first: after a restart each is in doubt. What another node that is alive has under way is not among them. */
  unfinished(limit: number): Promise<readonly DeliveryAttempt[]>
  /** Oldest first. */
  ofAppointment(appointmentId: AppointmentId): Promise<readonly DeliveryAttempt[]>
  /** When its provider is to be asked what became of it; undefined: no more. */
  ask(id: string, at: Temporal.Instant | undefined): Promise<void>
  /** Whose provider is to be asked by now, soonest first. */
  toAsk(now: Temporal.Instant, limit: number): Promise<readonly DeliveryAttempt[]>
  nextAskAt(): Promise<Temporal.Instant | undefined>
}
