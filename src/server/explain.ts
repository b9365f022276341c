import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId, HoldCode } from '../core/appointment.ts'
import type { Explanation } from '../core/explain.ts'
import { explain } from '../core/explain.ts'
import type { ChannelKind } from '../core/patient.ts'
import type { Settings } from '../core/settings.ts'
import { NO_MOTIF, zoneOf } from '../core/settings.ts'
import type { Told } from '../core/told.ts'
import type { WriteBack } from '../core/write-back.ts'
import type { Transaction } from '../store/store.ts'
import { optedOut, settingsOf } from './apply.ts'

/** What of an appointment its explanation names: no patient, and no text of the EHR's. */
export interface AppointmentNamed {
  readonly id: AppointmentId
  readonly status: Appointment['status']
  readonly start?: Temporal.Instant
  readonly zone: string
  readonly agenda?: string
  readonly motif: string
  readonly holds: readonly HoldCode[]
}

/** Why each message of one appointment was sent, waits, or was not sent (D30). */
export interface AppointmentExplained {
  readonly appointment: AppointmentNamed
  readonly told?: Told
  /** Past and future, in the order of their hours. */
  readonly lines: readonly Explanation[]
  readonly writeBacks: readonly WriteBack[]
}

/** Undefined: no such appointment. Writes nothing. */
export async function explainAppointment(
  tx: Transaction,
  id: AppointmentId,
  channels: ReadonlySet<ChannelKind>,
  now: Temporal.Instant,
): Promise<AppointmentExplained | undefined> {
  const appointment = await tx.appointments.find(id)
  if (!appointment) return undefined
  const settings = await settingsOf(tx, appointment.clinicId)
  const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
  const told = await tx.told.find(id)
  const context = {
    appointment,
    ...(patient && { patient }),
    settings,
    ...(told && { told }),
    optedOut: await optedOut(tx, patient, settings),
    channels,
    now,
  }
  const notifications = await tx.notifications.ofAppointment(id)
  return {
    appointment: named(appointment, settings),
    ...(told && { told }),
    lines: notifications.map((notification) => explain(notification, context)).sort(byHour),
    writeBacks: await tx.writeBacks.ofAppointment(id),
  }
}

function named(appointment: Appointment, settings: Settings): AppointmentNamed {
  const { id, status, start, agenda, motif, holds } = appointment
  return {
    id,
    status,
    ...(start && { start }),
    zone: zoneOf(settings, appointment),
    ...(agenda && { agenda: agenda.key }),
    motif: motif?.key ?? NO_MOTIF,
    holds,
  }
}

function byHour(a: Explanation, b: Explanation): number {
  return a.dueAt.epochMilliseconds - b.dueAt.epochMilliseconds || (a.notificationId < b.notificationId ? -1 : 1)
}
