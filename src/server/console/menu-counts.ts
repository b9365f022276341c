import { TIME_SHIFT } from '../../core/feed/time-shift.ts'
import { MASS_CHANGE } from '../../core/mass-hold.ts'
import type { Store } from '../../store/store.ts'
import type { StaffRoute } from '../routes/route.ts'
import type { MenuName } from './menu.ts'

/** Every page of the table tells its menu how many wait: one read, of a few rows of an index. */
export function withCounts(routes: readonly StaffRoute[], store: Store): readonly StaffRoute[] {
  const counts = async (clinicId: string): Promise<Partial<Record<MenuName, number>>> => {
    const { toCall, toDo, appointmentsHeld, sendsHeld } = await store.read((tx) => tx.statistics.waiting(clinicId))
    const stopped = [...waitsForPerson].filter((reason) => (sendsHeld[reason] ?? 0) > 0).length
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

/** Reasons that only a person ends; each is one thing to look at, however many it holds. */
const waitsForPerson: ReadonlySet<string> = new Set([MASS_CHANGE, TIME_SHIFT])
