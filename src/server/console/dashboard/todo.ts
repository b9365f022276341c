import type { Temporal } from 'temporal-polyfill'
import { type Caller, mayReach } from '../../../core/access.ts'
import { TIME_SHIFT } from '../../../core/feed/time-shift.ts'
import { MASS_CHANGE } from '../../../core/mass-hold.ts'
import type { Transaction } from '../../../store/store.ts'

/** What needs a person now, by what it is; each is a link. */
export interface ToDoNow {
  readonly toCall: number
  /** Of the nearest one to telephone. */
  readonly nearest?: Temporal.Instant
  readonly inbox: number
  readonly mass: number
  readonly shifted: boolean
  readonly restored: boolean
  readonly doubts: number
  /** Of the installation, for who may see to it. */
  readonly quarantined: number
}

export async function toDoNow(tx: Transaction, clinicId: string, caller: Caller): Promise<ToDoNow> {
  const waiting = await tx.statistics.waiting(clinicId)
  const [next] = waiting.toCall > 0 ? await tx.toCall.open(clinicId, 1) : []
  const maySeeQuarantine = mayReach(caller, ['integrator']) && caller.clinics === undefined
  return {
    toCall: waiting.toCall,
    ...(next?.start && { nearest: next.start }),
    inbox: mayReach(caller, ['appointments']) ? waiting.toDo : 0,
    mass: waiting.sendsHeld[MASS_CHANGE] ?? 0,
    shifted: (waiting.sendsHeld[TIME_SHIFT] ?? 0) > 0,
    restored: (await tx.restoreHolds.latest())?.state === 'held',
    doubts: waiting.appointmentsHeld,
    quarantined: maySeeQuarantine ? ((await tx.inbox.countByState()).quarantined ?? 0) : 0,
  }
}
