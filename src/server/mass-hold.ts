import type { Caller } from '../core/access.ts'
import { dropHeld, isWorthACall, MASS_CHANGE, MASS_DROPPED, releaseHeld } from '../core/mass-hold.ts'
import type { Notification } from '../core/notification.ts'
import { newsOf } from '../core/notification.ts'
import type { MassHold } from '../store/port/holds.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { actorOf } from './settings/edit-settings.ts'

export interface MassHoldDeps {
  readonly store: Store
  readonly clock: Clock
}

export interface Settled {
  readonly hold: MassHold
  /** Notices that were waiting. */
  readonly count: number
}

const batch = 100

/**
 * Somebody looked, and it is true: what waits is due now. The hold ends first, so that nothing is held anew; whatever a stop leaves behind
 * is looked at again by itself. Undefined: nothing was held.
 */
export async function releaseMassHold({ store, clock }: MassHoldDeps, clinicId: string, caller: Caller): Promise<Settled | undefined> {
  const hold = await store.transact((tx) => settle(tx, clinicId, 'released', caller, clock))
  if (!hold) return undefined
  let count = 0
  for (;;) {
    const released = await store.transact(async (tx) => {
      const held = await tx.notifications.heldFor(clinicId, MASS_CHANGE, batch)
      for (const notification of held) await tx.notifications.save(releaseHeld(notification, clock.now()))
      return held.length
    })
    count += released
    if (released < batch) return { hold, count }
  }
}

/**
 * Somebody looked, and it was an accident: what waits is withdrawn, and a person telephones where the visit is ahead. The hold ends with the
 * last of it, so that a stop in between lets nothing out. Undefined: nothing was held.
 */
export async function dropMassHold({ store, clock }: MassHoldDeps, clinicId: string, caller: Caller): Promise<Settled | undefined> {
  let count = 0
  for (;;) {
    const step = await store.transact(async (tx) => {
      if (!(await tx.massHolds.open(clinicId))) return { dropped: 0, isOver: true, hold: undefined }
      const held = await tx.notifications.heldFor(clinicId, MASS_CHANGE, batch)
      for (const each of held) await dropOne(tx, each, dropHeld(each, MASS_DROPPED, clock.now()), caller, clock)
      const isOver = held.length < batch
      return { dropped: held.length, isOver, hold: isOver ? await settle(tx, clinicId, 'dropped', caller, clock) : undefined }
    })
    count += step.dropped
    if (step.isOver) return step.hold && { hold: step.hold, count }
  }
}

async function settle(
  tx: Transaction,
  clinicId: string,
  state: 'released' | 'dropped',
  caller: Caller,
  clock: Clock,
): Promise<MassHold | undefined> {
  const open = await tx.massHolds.open(clinicId)
  if (!open) return undefined
  const settledAt = clock.now()
  const hold: MassHold = { ...open, state, settledAt, settledBy: actorOf(caller) }
  await tx.massHolds.save(hold)
  const { seen, agendas } = hold
  await tx.audit.append({
    at: settledAt,
    actor: actorOf(caller),
    action: `mass-hold.${state}`,
    subject: clinicId,
    detail: { seen, agendas },
  })
  return hold
}

/** What waited, as it is once it was dropped: whoever is to learn of it is telephoned. */
export async function dropOne(
  tx: Transaction,
  notification: Notification,
  dropped: Notification,
  caller: Caller,
  clock: Clock,
): Promise<void> {
  const now = clock.now()
  const { clinicId, appointmentId, patientId, kind } = notification
  const reason = dropped.reason ?? dropped.state
  await tx.notifications.save(dropped)
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'notification.withdrawn', subject: notification.id, detail: { reason } })
  const appointment = await tx.appointments.find(appointmentId)
  const id = `${appointmentId}:${newsOf(notification)}`
  if (!appointment || !isWorthACall(appointment, now) || (await tx.toCall.find(id))) return
  const { start } = appointment
  await tx.toCall.save({ id, clinicId, appointmentId, patientId, kind, reason, ...(start && { start }), createdAt: now })
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'to-call.added', subject: appointmentId, detail: { kind, reason } })
}
