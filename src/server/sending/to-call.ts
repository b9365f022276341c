import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { isNotice } from '../../core/kind.ts'
import type { Notification } from '../../core/notification.ts'
import { newsOf } from '../../core/notification.ts'
import { toCallReason } from '../../core/to-call.ts'
import type { Transaction } from '../../store/store.ts'

/** A notice held by a mass change is called at once when the visit is that near (section 4, fuse). */
const near = { hours: 48 }

/** Puts whoever no channel will reach on the list, once for each news (D12). */
export async function askToCall(
  tx: Transaction,
  notification: Notification,
  siblings: readonly Notification[],
  appointment: Appointment,
  now: Temporal.Instant,
): Promise<void> {
  const reason = isHeldAndNear(notification, appointment, now) ? 'mass_change' : toCallReason(notification, siblings)
  if (reason === undefined) return
  const id = `${appointment.id}:${newsOf(notification)}`
  if (await tx.toCall.find(id)) return
  const { clinicId, patientId, kind } = notification
  const { start } = appointment
  await tx.toCall.save({ id, clinicId, appointmentId: appointment.id, patientId, kind, reason, ...(start && { start }), createdAt: now })
  await tx.audit.append({ at: now, actor: 'dispatch', action: 'to-call.added', subject: appointment.id, detail: { kind, reason } })
}

/** Somebody was to be called for what has now left, or arrived, all the same: a mass change that was released, a text that was late. */
export async function callNoMore(tx: Transaction, notification: Notification, now: Temporal.Instant): Promise<void> {
  const { appointmentId, state } = notification
  if ((state !== 'sent' && state !== 'delivered') || !isNotice(notification.kind)) return
  const entry = await tx.toCall.find(`${appointmentId}:${newsOf(notification)}`)
  if (!entry || entry.doneAt) return
  await tx.toCall.save({ ...entry, doneAt: now, doneBy: 'dispatch' })
  await tx.audit.append({ at: now, actor: 'dispatch', action: 'to-call.done', subject: appointmentId, detail: { reason: state } })
}

function isHeldAndNear({ state, reason }: Notification, { start }: Appointment, now: Temporal.Instant): boolean {
  return state === 'held' && reason === 'mass_change' && start !== undefined && Temporal.Instant.compare(start, now.add(near)) <= 0
}
