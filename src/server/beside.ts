import type { AppointmentId } from '../core/appointment.ts'
import type { Notification } from '../core/notification.ts'
import type { Told } from '../core/told.ts'
import type { WriteBack } from '../core/write-back.ts'
import type { Transaction } from '../store/store.ts'

/** What is stored of one appointment beside itself. */
export interface Beside {
  readonly told: Told | undefined
  readonly notifications: readonly Notification[]
  readonly writeBacks: readonly WriteBack[]
}

/** Of an appointment that was never stored: there is no need to look. */
export const nothing: Beside = { told: undefined, notifications: [], writeBacks: [] }

export async function besideOf(tx: Transaction, id: AppointmentId): Promise<Beside> {
  const [told, notifications, writeBacks] = await Promise.all([
    tx.told.find(id),
    tx.notifications.ofAppointment(id),
    tx.writeBacks.ofAppointment(id),
  ])
  return { told, notifications, writeBacks }
}
