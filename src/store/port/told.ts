import type { AppointmentId } from '../../core/appointment.ts'
import type { Told } from '../../core/told.ts'

export interface ToldTable {
  find(appointmentId: AppointmentId): Promise<Told | undefined>
  save(appointmentId: AppointmentId, told: Told): Promise<void>
  /** It is somebody else's now, who was told nothing. */
  forget(appointmentId: AppointmentId): Promise<void>
}
