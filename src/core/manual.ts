import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import { decide } from './decide.ts'
import type { Notification } from './notification.ts'
import { notificationId } from './notification.ts'
import { earlier } from './owed.ts'
import type { ChannelKind, Patient } from './patient.ts'
import type { Settings } from './settings.ts'

export interface ManualAsk {
  readonly appointment: Appointment
  readonly patient?: Patient
  readonly settings: Settings
  readonly channel: ChannelKind
  /** The contact of this channel said STOP. */
  readonly optedOut: boolean
  /** Names this act: the same again is the same message. */
  readonly key: string
  readonly now: Temporal.Instant
}

export type ManualPlan =
  | { readonly kind: 'planned'; readonly notification: Notification }
  /** Only a STOP, a missing contact, or nobody to tell (O6). */
  | { readonly kind: 'refused'; readonly reason: string }

/** What a person sends is worth sending for a day, or until the start where that is sooner. */
const worth = Temporal.Duration.from({ hours: 24 })

/** O6: one message because somebody asked for it, due at once, beside whatever else is planned. */
export function planManual({ appointment, patient, settings, channel, optedOut, key, now }: ManualAsk): ManualPlan {
  const notAfter = lastUse(appointment.start, now)
  const decision = decide('send', {
    kind: 'manual',
    channel,
    notAfter,
    appointment,
    ...(patient && { patient }),
    settings,
    optedOut,
    twinOfTold: false,
    now,
  })
  if (decision.outcome.kind !== 'send') return { kind: 'refused', reason: decision.outcome.reason }
  const named = { appointmentId: appointment.id, kind: 'manual', step: 'staff', basis: key, channel, patientId: patient?.id ?? '' } as const
  const notification: Notification = {
    ...named,
    id: notificationId(named),
    clinicId: appointment.clinicId,
    ...(appointment.agenda && { agendaKey: appointment.agenda.key }),
    state: 'planned',
    dueAt: now,
    notAfter,
    attempts: 0,
    decision,
    plannedAt: now,
    changedAt: now,
  }
  return { kind: 'planned', notification }
}

function lastUse(start: Temporal.Instant | undefined, now: Temporal.Instant): Temporal.Instant {
  const day = now.add(worth)
  return start && Temporal.Instant.compare(start, now) > 0 ? earlier(start, day) : day
}
