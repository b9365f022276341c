import type { Caller } from '../core/access.ts'
import { dropHeld, releaseHeld } from '../core/mass-hold.ts'
import type { Notification } from '../core/notification.ts'
import type { ChannelKind } from '../core/patient.ts'
import { STOPPED_DROPPED, stoppedFor } from '../core/stopped-channel.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { dropOne } from './mass-hold.ts'
import type { Stoppages } from './sending/stoppages.ts'
import { actorOf } from './settings/edit-settings.ts'

export interface ChannelStopDeps {
  readonly store: Store
  readonly clock: Clock
  readonly stoppages: Pick<Stoppages, 'stopped' | 'retry'>
}

export interface ChannelStopAct {
  readonly clinicId: string
  readonly channel: ChannelKind
  readonly caller: Caller
}

export interface ChannelStopSettled {
  readonly channel: ChannelKind
  /** Messages that were waiting. */
  readonly count: number
}

const batch = 100

/**
 * Somebody mended the account, and does not want to wait for the next try: one message goes now, and all that waits follows if it is taken.
 * Undefined: nothing waited, and nothing is stopped.
 */
export async function retryChannel(deps: ChannelStopDeps, act: ChannelStopAct): Promise<ChannelStopSettled | undefined> {
  const { store, clock, stoppages } = deps
  const isStopped = stoppages.stopped(act.channel)?.isWell === false
  const asked = await store.transact(async (tx) => {
    const { sendsHeld } = await tx.statistics.waiting(act.clinicId)
    const waiting = sendsHeld[stoppedFor(act.channel)] ?? 0
    if (waiting === 0 && !isStopped) return undefined
    await note(tx, 'retried', act, waiting, clock)
    return waiting
  })
  if (asked === undefined) return undefined
  stoppages.retry(act.channel, clock.now())
  // what a channel that is still stopped puts off meanwhile is not met a second time
  const count = await eachWaiting(deps, act, asked, (tx, each) => tx.notifications.save(releaseHeld(each, clock.now())))
  return { channel: act.channel, count }
}

/** Somebody gave up on it: what waits is withdrawn, and a person telephones where the visit is ahead. Undefined: nothing waited. */
export async function dropStopped(deps: ChannelStopDeps, act: ChannelStopAct): Promise<ChannelStopSettled | undefined> {
  const { store, clock } = deps
  const { sendsHeld } = await store.read((tx) => tx.statistics.waiting(act.clinicId))
  const waiting = sendsHeld[stoppedFor(act.channel)] ?? 0
  if (waiting === 0) return undefined
  const count = await eachWaiting(deps, act, waiting, (tx, each) =>
    dropOne(tx, each, dropHeld(each, STOPPED_DROPPED, clock.now()), act.caller, clock),
  )
  if (count > 0) await store.transact((tx) => note(tx, 'dropped', act, count, clock))
  return { channel: act.channel, count }
}

/** As many as waited when it was asked for; a batch for each transaction. */
async function eachWaiting(
  { store }: ChannelStopDeps,
  { clinicId, channel }: ChannelStopAct,
  most: number,
  settle: (tx: Transaction, notification: Notification) => Promise<void>,
): Promise<number> {
  let count = 0
  while (count < most) {
    const settled = await store.transact(async (tx) => {
      const waiting = await tx.notifications.heldFor(clinicId, stoppedFor(channel), Math.min(batch, most - count))
      for (const notification of waiting) await settle(tx, notification)
      return waiting.length
    })
    if (settled === 0) return count
    count += settled
  }
  return count
}

function note(tx: Transaction, what: string, { clinicId, channel, caller }: ChannelStopAct, count: number, clock: Clock): Promise<void> {
  return tx.audit.append({
    at: clock.now(),
    actor: actorOf(caller),
    action: `channel-stop.${what}`,
    subject: clinicId,
    detail: { channel, count },
  })
}
