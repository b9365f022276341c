import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import type { Notification } from './notification.ts'
import { isPending } from './notification.ts'
import type { Patient } from './patient.ts'
import type { Settings } from './settings.ts'
import { zoneOf } from './settings.ts'

/** One person's appointment, and the text that is due for it. */
export interface Companion {
  readonly appointment: Appointment
  readonly patient: Patient
  readonly notification: Notification
}

/** D29: reminders of one local day on one phone are one text; e-mails stay separate. */
export function mayMerge({ kind, channel }: Pick<Notification, 'kind' | 'channel'>): boolean {
  return channel === 'sms' && (kind === 'reminder' || kind === 'previsit')
}

/**
 * Those of the household whose text is said by `leader`'s: the same clinic, local day and kind, still to be sent, and the same agenda; one
 * patient's own merge across agendas where the cadence says so. In the order of their hours.
 */
export function companionsOf(leader: Companion, others: readonly Companion[], settings: Settings): readonly Companion[] {
  return others.filter((other) => belongs(leader, other, settings)).sort((a, b) => startOf(a) - startOf(b))
}

function belongs(leader: Companion, other: Companion, settings: Settings): boolean {
  const { notification, appointment } = other
  if (notification.id === leader.notification.id || appointment.id === leader.appointment.id) return false
  if (!isPending(notification) || notification.kind !== leader.notification.kind || notification.channel !== 'sms') return false
  if (dayOf(other, settings) === undefined || dayOf(other, settings) !== dayOf(leader, settings)) return false
  const own = other.patient.id === leader.patient.id && settings.cadence.mergesOwnAcrossAgendas
  return own || appointment.agenda?.key === leader.appointment.agenda?.key
}

function dayOf({ appointment }: Companion, settings: Settings): string | undefined {
  return localDay(appointment.start, zoneOf(settings, appointment))
}

/** `YYYY-MM-DD` there. */
export function localDay(at: Temporal.Instant | undefined, zone: string): string | undefined {
  return at?.toZonedDateTimeISO(zone).toPlainDate().toString()
}

function startOf({ appointment }: Companion): number {
  return appointment.start?.epochMilliseconds ?? 0
}
