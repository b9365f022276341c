import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { DeliveryAttempt, SendOutcome } from '../../core/delivery.ts'
import { firstAskAt } from '../../core/in-doubt.ts'
import { isNotice } from '../../core/kind.ts'
import type { Notification } from '../../core/notification.ts'
import { isPending } from '../../core/notification.ts'
import { advance, assumedTold, toldBy } from '../../core/progress.ts'
import type { Told } from '../../core/told.ts'
import { factsOf } from '../../core/told.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { replanAppointment } from '../intake/apply.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import { fallBack } from './fall-back.ts'
import { mergedInto, releaseCompanions } from './household.ts'
import { askToCall, callNoMore } from './to-call.ts'
import { meter } from './usage.ts'

export interface OutcomeDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Waits between the tries of a deferred send. */
  readonly retries: readonly Temporal.Duration[]
  /** Without a slash at its end: how long a private address makes a text. */
  readonly publicUrl: string
}

/** Who is to be spared from now on, where the provider said so. */
export interface Stopped {
  readonly clinicId: string
  readonly contact: string
}

const batch = 50

/** An attempt that a crash cut off may have reached its patient: it is in doubt, and never tried again blindly (R6). */
export async function recoverAttempts({ store, clock, log, publicUrl }: Omit<OutcomeDeps, 'retries'>): Promise<number> {
  let recovered = 0
  for (;;) {
    const cut = await store.read((tx) => tx.attempts.unfinished(batch))
    for (const attempt of cut)
      await recordOutcome({ store, clock, log, publicUrl, retries: [] }, attempt, { kind: 'unknown', reason: 'crashed' })
    recovered += cut.length
    if (cut.length < batch) break
  }
  if (recovered > 0) log.warn('attempts_in_doubt', { count: recovered })
  return recovered
}

/** Looks after what dead nodes had under way; a process that is alone did so when it started. */
export function createTakeover(deps: Omit<OutcomeDeps, 'retries'>): Work {
  return {
    name: 'takeover',
    async step() {
      if (deps.store.cluster) await recoverAttempts(deps)
      return false
    },
    nextDueAt: async () => (deps.store.cluster ? deps.clock.now().add(lookEvery) : undefined),
  }
}

const lookEvery = { seconds: 10 }

/** Writes down what came of an attempt, and what is owed after that. Where that fails, which is a bug, the outcome is kept all the same. */
export async function recordOutcome(deps: OutcomeDeps, attempt: DeliveryAttempt, outcome: SendOutcome, stopped?: Stopped): Promise<void> {
  const { store, clock, log } = deps
  try {
    await store.transact(async (tx) => {
      if (await isSettled(tx, attempt)) return
      const now = clock.now()
      const appointment = await writeLedger(tx, attempt, outcome, now, deps)
      if (stopped) await tx.optOuts.add(stopped.clinicId, attempt.channel, stopped.contact, now)
      if (appointment) await replanAppointment(tx, appointment, now)
    })
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error('replan_failed', { channel: attempt.channel, ref: attempt.notificationId, error })
    await store.transact((tx) => keepTheLeast(tx, attempt, outcome, clock.now(), deps.retries, stopped))
  }
}

/** A node that was taken for dead comes too late with what it knows: the attempt is in doubt by then, and its provider is asked (R15). */
async function isSettled(tx: Transaction, { id }: DeliveryAttempt): Promise<boolean> {
  return (await tx.attempts.find(id))?.finishedAt !== undefined
}

/** Where the rest fails, still what came of the attempt: it is not made again, and does not keep the service from starting. */
async function keepTheLeast(
  tx: Transaction,
  attempt: DeliveryAttempt,
  outcome: SendOutcome,
  now: Temporal.Instant,
  retries: readonly Temporal.Duration[],
  stopped: Stopped | undefined,
): Promise<void> {
  if (await isSettled(tx, attempt)) return
  await tx.attempts.finish(attempt.id, outcome, now)
  await askLater(tx, attempt, outcome, now)
  const notification = await tx.notifications.find(attempt.notificationId)
  if (notification) {
    const after = advance(notification, outcome, now, retries)
    await tx.notifications.save(after)
    if (!isReached(outcome)) await releaseCompanions(tx, after.id, attempt.also ?? [], retryAt(after, now), now)
  }
  if (stopped) await tx.optOuts.add(stopped.clinicId, attempt.channel, stopped.contact, now)
}

/** A provider that says no more of it by then is asked (R6); one that cannot be asked is left alone. */
async function askLater(
  tx: Transaction,
  { id, channel, startedAt }: DeliveryAttempt,
  outcome: SendOutcome,
  now: Temporal.Instant,
): Promise<void> {
  if (channel === 'sms' && isReached(outcome)) await tx.attempts.ask(id, firstAskAt(startedAt, now))
}

/** Or may have been. */
function isReached({ kind }: SendOutcome): boolean {
  return kind === 'accepted' || kind === 'unknown'
}

/** The attempt, its notification, and what the patient now knows. */
async function writeLedger(
  tx: Transaction,
  attempt: DeliveryAttempt,
  outcome: SendOutcome,
  now: Temporal.Instant,
  { retries, publicUrl }: Pick<OutcomeDeps, 'retries' | 'publicUrl'>,
): Promise<Appointment | undefined> {
  await tx.attempts.finish(attempt.id, outcome, now)
  await askLater(tx, attempt, outcome, now)
  const before = await tx.notifications.find(attempt.notificationId)
  const appointment = before && (await tx.appointments.find(before.appointmentId))
  if (!appointment) return undefined
  const told = await tx.told.find(appointment.id)
  const after = advance(before, outcome, now, retries)
  await saveOutcome(tx, after, appointment, told, now)
  await meter(tx, attempt, after, appointment, outcome, publicUrl)
  // its report may have come first, and said that it never arrived
  const reached = isReached(outcome) && after.state !== 'failed'
  const next = reached && !(attempt.redirected && !isNotice(after.kind)) ? toldBy(after, attempt.says, told, now) : undefined
  if (next) await tx.told.save(appointment.id, attempt.redirected ? { ...next, assumed: 'redirected' } : next)
  await settleCompanions(tx, attempt, after, reached, now)
  return appointment
}

/** D29: what reached the leader has told the others of theirs; what did not leave says nothing of them, and they are planned again. */
async function settleCompanions(
  tx: Transaction,
  attempt: DeliveryAttempt,
  leader: Notification,
  reached: boolean,
  now: Temporal.Instant,
): Promise<void> {
  const also = attempt.also ?? []
  const companions = reached
    ? await mergedInto(tx, leader.id, also)
    : await releaseCompanions(tx, leader.id, also, retryAt(leader, now), now)
  for (const companion of companions) {
    const appointment = await tx.appointments.find(companion.appointmentId)
    if (!appointment) continue
    if (reached) await tellCompanion(tx, companion, appointment, attempt, now)
    else await replanAppointment(tx, appointment, now)
  }
}

/** Together again at the leader's next try, by themselves at once where it has none. */
function retryAt(leader: Notification, now: Temporal.Instant): Temporal.Instant {
  return isPending(leader) ? leader.dueAt : now
}

/** An appointment that changed while the text was under way was not told as it is now. */
async function tellCompanion(
  tx: Transaction,
  companion: Notification,
  appointment: Appointment,
  { startedAt, redirected }: DeliveryAttempt,
  now: Temporal.Instant,
): Promise<void> {
  if (redirected || Temporal.Instant.compare(appointment.changedAt, startedAt) > 0) return
  const told = toldBy(companion, factsOf(appointment), await tx.told.find(appointment.id), now)
  if (told) await tx.told.save(appointment.id, told)
}

/** A notification in its new state, with what the patient is then taken to know, and its audit row: none where it is held again as `before`. */
export async function saveOutcome(
  tx: Transaction,
  notification: Notification,
  appointment: Appointment,
  told: Told | undefined,
  now: Temporal.Instant,
  before?: Notification,
): Promise<void> {
  await tx.notifications.save(notification)
  await fallBack(tx, notification, now)
  const siblings = await tx.notifications.ofAppointment(appointment.id)
  const assumed = assumedTold(notification, siblings, factsOf(appointment), told, now)
  if (assumed) await tx.told.save(appointment.id, assumed)
  await askToCall(tx, notification, siblings, appointment, now)
  await callNoMore(tx, notification, now)
  const { state, reason } = notification
  if (before?.state === state && before.reason === reason) return
  await tx.audit.append({
    at: now,
    actor: 'dispatch',
    action: `notification.${state}`,
    subject: notification.id,
    ...(reason !== undefined && { detail: { reason } }),
  })
}
