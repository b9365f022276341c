import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { isCancelled, isConfirmed } from '../../core/appointment.ts'
import type { Notification } from '../../core/notification.ts'
import type { WebhookEvent, WebhookEventType } from '../../core/webhook.ts'
import type { WriteBack } from '../../core/write-back.ts'
import type { ToCall } from '../../store/port/staff-lists.ts'
import { sha256 } from '../ids.ts'

/** What somebody may be told of; the clinic and the instant are the caller's to know. */
export interface Fact {
  readonly type: WebhookEventType
  /** The same fact has the same; another one of the same thing has not. */
  readonly key: string
  readonly data: WebhookEvent['data']
}

export function eventOf({ type, key, data }: Fact, clinicId: string, at: Temporal.Instant): WebhookEvent {
  return { id: `msg_${sha256(`${clinicId}\n${type}\n${key}`).slice(0, 32)}`, clinicId, type, at, data }
}

/** What became of an appointment that was known before; nothing of what a first load finds as it is. */
export function appointmentFacts(before: Appointment | undefined, after: Appointment): readonly Fact[] {
  if (!before || after.tombstone) return []
  const { id, revision, replacedBy } = after
  const fact = (type: WebhookEventType, more: Fact['data'] = {}): Fact => ({
    type,
    key: `${id}\n${revision}`,
    data: { appointmentId: id, revision, ...more },
  })
  const facts: Fact[] = []
  if (isConfirmed(after) && !isConfirmed(before)) facts.push(fact('appointment.confirmed', { by: after.confirmation?.by ?? 'ehr' }))
  if (isCancelled(after) && !isCancelled(before))
    facts.push(replacedBy === undefined ? fact('appointment.cancelled') : fact('appointment.moved', { replacedBy }))
  if (isHere(after) && !isHere(before)) facts.push(fact('appointment.arrived'))
  if (after.start && before.start && !after.start.equals(before.start)) facts.push(fact('appointment.moved'))
  return facts
}

function isHere({ status }: Appointment): boolean {
  return status === 'arrived' || status === 'checked-in'
}

const told = { sent: 'notification.sent', failed: 'notification.failed', suppressed: 'notification.suppressed' } as const

export function notificationFacts({ id, appointmentId, kind, channel, state, reason, attempts }: Notification): readonly Fact[] {
  if (state !== 'sent' && state !== 'failed' && state !== 'suppressed') return []
  const data = { notificationId: id, appointmentId, kind, channel, ...(reason !== undefined && { reason }) }
  return [{ type: told[state], key: `${id}\n${attempts}`, data }]
}

/** Diverged: the chart does not hold what the patient answered, though nobody refused it. */
export function writeBackFacts({ id, appointmentId, kind, state, reason }: WriteBack): readonly Fact[] {
  const data = { writeBackId: id, appointmentId, kind, ...(reason !== undefined && { reason }) }
  switch (state) {
    case 'verified':
      return [{ type: 'write_back.verified', key: id, data }]
    case 'failed':
      return [{ type: 'write_back.failed', key: id, data }]
    case 'stale':
      return [{ type: 'write_back.diverged', key: id, data }]
    case 'acknowledged':
      return reason === undefined ? [] : [{ type: 'write_back.diverged', key: id, data }]
    case 'queued':
    case 'sending':
    case 'withdrawn':
      return []
    default:
      return state satisfies never
  }
}

export function toCallFacts({ id, appointmentId, kind, reason, createdAt, doneAt }: ToCall): readonly Fact[] {
  return doneAt ? [] : [{ type: 'to_call.opened', key: `${id}\n${createdAt}`, data: { toCallId: id, appointmentId, kind, reason } }]
}

export function quarantineFact(id: string, connector: string, reason: string | undefined): Fact {
  return { type: 'quarantine.opened', key: id, data: { quarantineId: id, connector, ...(reason !== undefined && { reason }) } }
}

/** Once for each silence: it begins after another last message. */
export function silenceFact(connector: string, lastAt: Temporal.Instant | undefined, missed: number): Fact {
  return { type: 'connector.silent', key: `${connector}\n${lastAt ?? ''}`, data: { connector, missed: Math.round(missed) } }
}
