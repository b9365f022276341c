import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import { isNotice } from '../../core/kind.ts'
import type { Notification } from '../../core/notification.ts'
import { isPending, newsOf } from '../../core/notification.ts'
import { isWorthAsking, mayHaveLeft, putInDoubt, RESTORED, takenToKnow } from '../../core/restored.ts'
import type { RestoreHold } from '../../store/port/holds.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Work } from '../loop.ts'
import { actorOf } from '../settings/edit-settings.ts'

export interface RestoreHoldDeps {
  readonly store: Store
  readonly clock: Clock
}

/** The hold of a store that came from a backup; undefined: it did not, or a person has settled it. */
export async function openRestoreHold(store: Store): Promise<RestoreHold | undefined> {
  const latest = await store.read((tx) => tx.restoreHolds.latest())
  return latest?.state === 'held' ? latest : undefined
}

const lookAgain = { seconds: 30 }

/** The same work, which does nothing while the store is held (R9). What comes in is taken and planned all the same. */
export function unlessHeld(work: Work, { store, clock }: RestoreHoldDeps): Work {
  return {
    name: work.name,
    async step(signal) {
      return (await openRestoreHold(store)) ? false : work.step(signal)
    },
    async nextDueAt() {
      return (await openRestoreHold(store)) ? clock.now().add(lookAgain) : work.nextDueAt()
    },
  }
}

export interface RestoreSettled {
  readonly hold: RestoreHold
  /** Messages that will not be sent, because they may have been. */
  readonly inDoubt: number
  /** Of those, patients to telephone. */
  readonly toCall: number
}

/**
 * A person has compared with the EHR. `released`: what may have left before the store was restored is put in doubt and not sent, the rest goes.
 * `dropped`: nothing that waits by now goes. The hold ends last, so that a stop on the way lets nothing out. Undefined: nothing was held.
 */
export async function settleRestoreHold(
  { store, clock }: RestoreHoldDeps,
  state: 'released' | 'dropped',
  caller: Caller,
): Promise<RestoreSettled | undefined> {
  const hold = await openRestoreHold(store)
  if (!hold) return undefined
  const counts = { inDoubt: 0, toCall: 0 }
  const until = clock.now().add(furthest)
  for (let after: Pick<Notification, 'id' | 'dueAt'> | undefined; ; ) {
    const { page, came } = await store.transact(async (tx) => {
      const waiting = await tx.restoreHolds.waiting(until, after, batch)
      const outcomes: Awaited<ReturnType<typeof judge>>[] = []
      for (const notification of waiting) outcomes.push(await judge(tx, notification, { hold, state, caller, now: clock.now() }))
      return { page: waiting, came: outcomes }
    })
    counts.inDoubt += came.filter(Boolean).length
    counts.toCall += came.filter((each) => each === 'to-call').length
    after = page.at(-1)
    if (page.length < batch) break
  }
  const settled = await store.transact((tx) => end(tx, hold, state, caller, { ...counts, now: clock.now() }))
  return settled && { hold: settled, ...counts }
}

const batch = 100
/** A notice waits for the end of a night at most. */
const furthest = { hours: 72 }

interface Judging {
  readonly hold: RestoreHold
  readonly state: 'released' | 'dropped'
  readonly caller: Caller
  readonly now: Temporal.Instant
}

async function judge(tx: Transaction, seen: Notification, judging: Judging): Promise<'in doubt' | 'to-call' | undefined> {
  const { hold, state, caller, now } = judging
  const notification = await tx.notifications.find(seen.id)
  if (!notification || !isPending(notification)) return undefined
  const appointment = await tx.appointments.find(notification.appointmentId)
  const isDue = isNotice(notification.kind) || notification.dueAt.epochNanoseconds <= now.epochNanoseconds
  const goes = state === 'dropped' ? !isDue : !mayHaveLeft(notification, appointment, hold.since)
  if (goes) return undefined
  await tx.notifications.save(putInDoubt(notification, now))
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'notification.in-doubt',
    subject: notification.id,
    detail: { reason: RESTORED },
  })
  if (!appointment || !isNotice(notification.kind)) return 'in doubt'
  const told = await tx.told.find(appointment.id)
  if (told?.by !== newsOf(notification)) await tx.told.save(appointment.id, takenToKnow(notification, appointment, told, now))
  return (await ask(tx, notification, judging)) ? 'to-call' : 'in doubt'
}

/** True where somebody is now to telephone who was not before. */
async function ask(tx: Transaction, notification: Notification, { caller, now }: Judging): Promise<boolean> {
  const { clinicId, appointmentId, patientId, kind } = notification
  const appointment = await tx.appointments.find(appointmentId)
  const id = `${appointmentId}:${newsOf(notification)}`
  if (!appointment || !isWorthAsking(notification, appointment, now) || (await tx.toCall.find(id))) return false
  const { start } = appointment
  await tx.toCall.save({ id, clinicId, appointmentId, patientId, kind, reason: RESTORED, ...(start && { start }), createdAt: now })
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'to-call.added',
    subject: appointmentId,
    detail: { kind, reason: RESTORED },
  })
  return true
}

async function end(
  tx: Transaction,
  hold: RestoreHold,
  state: 'released' | 'dropped',
  caller: Caller,
  { now, inDoubt, toCall }: { readonly now: Temporal.Instant; readonly inDoubt: number; readonly toCall: number },
): Promise<RestoreHold | undefined> {
  if ((await tx.restoreHolds.latest())?.state !== 'held') return undefined
  const settled: RestoreHold = { ...hold, state, settledAt: now, settledBy: actorOf(caller) }
  await tx.restoreHolds.save(settled)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: `restore-hold.${state}`,
    subject: 'store',
    detail: { inDoubt, toCall },
  })
  return settled
}
