import type { DeliveryAttempt, DeliveryReport } from '../../core/delivery.ts'
import type { Notification } from '../../core/notification.ts'
import { reported, toldAfterReport } from '../../core/progress.ts'
import { isStillToBeTold } from '../../core/to-call.ts'
import { factsOf, sameFacts } from '../../core/told.ts'
import type { Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { replanAppointment } from '../intake/apply.ts'
import { fallBack } from './fall-back.ts'
import { releaseCompanions } from './household.ts'
import { askToCall, callNoMore } from './to-call.ts'

/**
 * What the provider says later of one attempt. Undelivered is as if it had never been taken: those it spoke for are told by themselves, and
 * whom nothing reached is called. False: nothing new.
 */
export async function recordReport(tx: Transaction, report: DeliveryReport, clock: Clock): Promise<boolean> {
  const now = clock.now()
  const attempt = report.attemptId === undefined ? undefined : await tx.attempts.find(report.attemptId)
  const before = attempt && (await tx.notifications.find(attempt.notificationId))
  const next = before && reported(before, report, now)
  if (!next) return false
  await tx.notifications.save(next)
  const { state, reason } = next
  await tx.audit.append({
    at: now,
    actor: 'provider',
    action: `notification.${state}`,
    subject: next.id,
    ...(reason !== undefined && { detail: { reason } }),
  })
  if (state === 'delivered' || state === 'failed') await tx.attempts.ask(attempt.id, undefined)
  await believe(tx, next, attempt, clock)
  if (state === 'failed') await letGo(tx, next, attempt, clock)
  return true
}

/**
 * The provider never took it (R6): `found` says whether it is sent again, unless what it says is true no more. What the others of its text
 * were told is undone with it.
 */
export async function recordNeverTaken(tx: Transaction, found: Notification, attempt: DeliveryAttempt, clock: Clock): Promise<void> {
  const now = clock.now()
  const appointment = await tx.appointments.find(found.appointmentId)
  const isOutdated = found.state === 'planned' && appointment && !sameFacts(attempt.says, factsOf(appointment))
  const after: Notification = isOutdated ? { ...found, state: 'withdrawn', reason: 'superseded' } : found
  const { state } = after
  await tx.notifications.save(after)
  await tx.attempts.finish(attempt.id, { kind: 'deferred', reason: 'not_sent' }, now)
  await tx.attempts.ask(attempt.id, undefined)
  await tx.audit.append({ at: now, actor: 'provider', action: `notification.${state}`, subject: after.id, detail: { reason: 'not_sent' } })
  const billed = await tx.usage.find(attempt.id)
  if (billed) await tx.usage.save({ ...billed, refused: true, capped: false, price: 0 })
  // sent again, it says what it said: they are still taken to know, and its words are still news by its own doing
  if (isOutdated) {
    await unsay(tx, after)
    await replanAppointment(tx, appointment, now)
  } else if (state !== 'planned') await believe(tx, after, attempt, clock)
  await letGo(tx, after, attempt, clock)
}

/** What it would have said, nobody was told by it. */
async function unsay(tx: Transaction, next: Notification): Promise<void> {
  const siblings = await tx.notifications.ofAppointment(next.appointmentId)
  const known = toldAfterReport({ ...next, state: 'failed' }, siblings, await tx.told.find(next.appointmentId))
  if (known) await tx.told.save(next.appointmentId, known)
}

/** What the patient is taken to know now, and whether somebody must telephone. */
async function believe(tx: Transaction, next: Notification, { says, redirected }: DeliveryAttempt, clock: Clock): Promise<void> {
  // a test address says nothing of the patient
  if (redirected) return
  const now = clock.now()
  const appointment = await tx.appointments.find(next.appointmentId)
  if (!appointment) return
  await fallBack(tx, next, now)
  const siblings = await tx.notifications.ofAppointment(appointment.id)
  const told = await tx.told.find(appointment.id)
  const known = toldAfterReport(isLost(next) ? { ...next, state: 'failed' } : next, siblings, told)
  if (known) await tx.told.save(appointment.id, known)
  await callNoMore(tx, next, now)
  if (isStillToBeTold(next, says, appointment, told, now)) await askToCall(tx, next, siblings, appointment, now)
}

function isLost({ state }: Notification): boolean {
  return state === 'failed' || state === 'expired'
}

async function letGo(tx: Transaction, leader: Notification, { also = [] }: DeliveryAttempt, clock: Clock): Promise<void> {
  const now = clock.now()
  for (const { appointmentId } of await releaseCompanions(tx, leader.id, also, now, now)) {
    const appointment = await tx.appointments.find(appointmentId)
    if (appointment) await replanAppointment(tx, appointment, now)
  }
}
