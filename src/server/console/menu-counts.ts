import { TIME_SHIFT } from '../../core/feed/time-shift.ts'
import { MASS_CHANGE } from '../../core/mass-hold.ts'
import { CHANNEL_STOPPED } from '../../core/stopped-channel.ts'
import type { Store } from '../../store/store.ts'
import type { StaffRoute } from '../routes/route.ts'
import type { MenuName } from './menu.ts'

/** Every page of the table tells its menu how many wait: one read, of a few rows of an index. */
export function withCounts(routes: readonly StaffRoute[], store: Store): readonly StaffRoute[] {
  const counts = async (clinicId: string): Promise<Partial<Record<MenuName, number>>> => {
    const { toCall, toDo, appointmentsHeld, sendsHeld } = await store.read((tx) => tx.statistics.waiting(clinicId))
    const stopped = Object.entries(sendsHeld).filter(([reason, count]) => count > 0 && isForPerson(reason)).length
    return { toCall, inbox: toDo, holds: appointmentsHeld + stopped }
  }
  return routes.map((route) => ({
    ...route,
    handle: (c, next) => {
      c.set('counts', counts)
      return route.handle(c, next)
    },
  }))
}

/** What a person is to look at; each is one thing, however many it holds. */
function isForPerson(reason: string): boolean {
  return reason === MASS_CHANGE || reason === TIME_SHIFT || reason.startsWith(CHANNEL_STOPPED)
}
