import type { Caller } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import { TIME_SHIFT } from '../../core/feed/time-shift.ts'
import { releaseHeld } from '../../core/mass-hold.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { actorOf } from '../settings/edit-settings.ts'
import type { Feed } from './feed.ts'
import type { ShiftHold } from './kept.ts'
import { findShiftHold, saveShiftHold } from './kept.ts'

export interface ReleaseDeps {
  readonly store: Store
  readonly clock: Clock
  readonly feed: Pick<Feed, 'forget'>
}

export interface Released {
  readonly hold: ShiftHold
  /** Sends that were waiting. */
  readonly count: number
}

/** As many as are due at once; what is left is looked at again by itself. */
const most = 1_000

/** Somebody looked: the times are right, or right again. What waits is decided anew at once. Undefined: nothing was held. */
export async function releaseShift(
  { store, clock, feed }: ReleaseDeps,
  connectorId: ConnectorId,
  clinicId: string,
  caller: Caller,
): Promise<Released | undefined> {
  const released = await store.transact(async (tx): Promise<Released | undefined> => {
    const held = await findShiftHold(tx, connectorId)
    if (held?.state !== 'held') return undefined
    const now = clock.now()
    const actor = actorOf(caller)
    const hold: ShiftHold = { ...held, state: 'released', settledAt: now, settledBy: actor }
    await saveShiftHold(tx, connectorId, hold, now)
    const waiting = await tx.notifications.heldFor(clinicId, TIME_SHIFT, most)
    const own = waiting.filter(({ appointmentId }) => appointmentId.startsWith(`${connectorId}:`))
    for (const notification of own) await tx.notifications.save(releaseHeld(notification, now))
    const { minutes, moved } = hold
    await tx.audit.append({ at: now, actor, action: 'time-shift.released', subject: connectorId, detail: { minutes, moved } })
    return { hold, count: own.length }
  })
  if (released) feed.forget(connectorId)
  return released
}
