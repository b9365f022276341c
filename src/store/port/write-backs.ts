import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { WriteBack, WriteBackState } from '../../core/write-back.ts'

export interface WriteBacksTable {
  find(id: string): Promise<WriteBack | undefined>
  save(writeBack: WriteBack): Promise<void>
  /** Oldest answer first. */
  ofAppointment(appointmentId: AppointmentId): Promise<readonly WriteBack[]>
  /** `queued` or `sending` whose `nextTryAt` has come, oldest answer first; at most one of each appointment, its oldest. */
  due(now: Temporal.Instant, limit: number): Promise<readonly WriteBack[]>
  nextDueAt(): Promise<Temporal.Instant | undefined>
  /** Of one connector in one state, the newest answer first; `before` is the last of the page before. */
  inState(
    connectorId: ConnectorId,
    state: WriteBackState,
    page: { readonly limit: number; readonly before?: Pick<WriteBack, 'id' | 'answeredAt'> },
  ): Promise<readonly WriteBack[]>
}
