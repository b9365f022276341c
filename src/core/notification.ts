import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from './appointment.ts'
import type { Decision } from './decision.ts'
import type { NotificationKind } from './kind.ts'
import type { ChannelKind, PatientId } from './patient.ts'

/** The outcomes of rules.md section 6, and `sending` while an attempt runs. */
export type NotificationState =
  | 'planned'
  | 'parked'
  | 'held'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'suppressed'
  /** Decided, and not sent because we only watch. */
  | 'shadow'
  | 'merged_into'
  | 'expired'
  | 'withdrawn'
  | 'in_doubt'

/** One thing to tell one recipient by one channel, once. */
export interface Notification {
  /** `appointment:kind:step:basis:channel:recipient` (law 2). */
  readonly id: string
  readonly clinicId: string
  readonly appointmentId: AppointmentId
  readonly patientId: PatientId
  readonly kind: NotificationKind
  /** The step of the cadence, or `notice`. */
  readonly step: string
  /** The start for scheduled kinds; the version of what the patient was last told for notices. */
  readonly basis: string
  readonly channel: ChannelKind
  /** The agenda when it was planned: absences and bursts are counted by it. */
  readonly agendaKey?: string
  readonly state: NotificationState
  readonly reason?: string
  /** When it is next looked at: first the planned instant, later the next try. */
  readonly dueAt: Temporal.Instant
  /** Worth nothing after this (R10). */
  readonly notAfter: Temporal.Instant
  readonly attempts: number
  /** The last decision, gate by gate (rules.md section 6). */
  readonly decision?: Decision
  readonly plannedAt: Temporal.Instant
  readonly changedAt: Temporal.Instant
}

/** Still to come: may be withdrawn, moved or sent. */
export function isPending(notification: Notification): boolean {
  return notification.state === 'planned' || notification.state === 'parked' || notification.state === 'held'
}

/** `kind:step:basis`: what the same news on several channels has in common. */
export function newsOf(notification: Pick<Notification, 'kind' | 'step' | 'basis'>): string {
  return `${notification.kind}:${notification.step}:${notification.basis}`
}

export function notificationId(
  notification: Pick<Notification, 'appointmentId' | 'kind' | 'step' | 'basis' | 'channel' | 'patientId'>,
): string {
  return `${notification.appointmentId}:${newsOf(notification)}:${notification.channel}:${notification.patientId}`
}
