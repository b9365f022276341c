import type { Temporal } from 'temporal-polyfill'
import type { Burst } from '../burst.ts'
import { isAbsence, isMassChange, median, total } from '../burst.ts'
import { isNotice } from '../kind.ts'
import type { Notification } from '../notification.ts'
import type { Settings } from '../settings.ts'

const hourMs = 3_600_000
/** How far back the fuse looks for what is usual: the same weekday and hour, by the clinic's clock, of so many weeks. */
const weeks = 8
/** In a run nobody releases a hold: a person is taken to do so within the hour. */
const releasedAfterMs = hourMs

interface Planned {
  readonly at: number
  readonly agendaKey: string
  readonly kind: Notification['kind']
  readonly appointmentId: string
}

/** The changes, cancellations and corrections planned so far: what absences (D12) and the fuse (R8) look at. */
export interface Bursts {
  note(notification: Notification): void
  isAbsence(notification: Notification): boolean
  /** Whether a hold is open, or is set now; what was planned when it was released is not held again. */
  isHeld(notification: Notification, now: Temporal.Instant): boolean
  /** How often the fuse blew. */
  holds(): number
}

export function noteBursts({ absence, fuse, clinic }: Settings): Bursts {
  const all: Planned[] = []
  const byAgenda = new Map<string, Planned[]>()
  const withinMs = absence.within.total('milliseconds')
  /** Of the last hour: where it begins in `all`, and how many of each agenda are in it. */
  let hourBegins = 0
  const lastHour = new Map<string, number>()
  let holds = 0
  let heldUntil = Number.NEGATIVE_INFINITY

  function hourTo(until: number): Burst {
    return countByAgenda(between(all, until - hourMs, until))
  }

  function forgetBefore(at: number): void {
    for (let first = all[hourBegins]; first && first.at < at; first = all[hourBegins]) {
      const left = (lastHour.get(first.agendaKey) ?? 1) - 1
      if (left === 0) lastHour.delete(first.agendaKey)
      else lastHour.set(first.agendaKey, left)
      hourBegins += 1
    }
  }

  function blows(now: Temporal.Instant): boolean {
    forgetBefore(now.epochMilliseconds + 1 - hourMs)
    // an absence of thousands is of one agenda, and is not counted through for each of them
    if (all.length - hourBegins < fuse.least || lastHour.size <= fuse.agendas) return false
    const burst = countByAgenda(all.slice(Math.max(hourBegins, firstFrom(all, heldUntil + 1))))
    if (!isMassChange(burst, 0, fuse)) return false
    const here = now.toZonedDateTimeISO(clinic.zone)
    const before = Array.from({ length: weeks }, (_, week) => total(hourTo(here.subtract({ weeks: week + 1 }).epochMilliseconds)))
    return isMassChange(burst, median(before), fuse)
  }

  return {
    note({ kind, plannedAt, agendaKey = '', appointmentId }) {
      if (!isNotice(kind) || kind === 'confirmation') return
      const planned = { at: plannedAt.epochMilliseconds, agendaKey, kind, appointmentId }
      all.push(planned)
      lastHour.set(agendaKey, (lastHour.get(agendaKey) ?? 0) + 1)
      const ofAgenda = byAgenda.get(agendaKey)
      if (ofAgenda) ofAgenda.push(planned)
      else byAgenda.set(agendaKey, [planned])
    },
    isAbsence({ agendaKey, plannedAt }) {
      if (agendaKey === undefined) return false
      const at = plannedAt.epochMilliseconds
      // an e-mail and a text of each are two: so many are enough to tell
      const near = between(byAgenda.get(agendaKey) ?? [], at - withinMs, at + withinMs).slice(0, 8 * absence.least)
      return isAbsence(countByAgenda(near), agendaKey, absence)
    },
    isHeld({ plannedAt }, now) {
      const at = now.epochMilliseconds
      if (at < heldUntil) return true
      if (plannedAt.epochMilliseconds <= heldUntil || !blows(now)) return false
      holds += 1
      heldUntil = at + releasedAfterMs
      return true
    },
    holds: () => holds,
  }
}

/** Of a list in the order of time: from included, until not. */
function between(list: readonly Planned[], from: number, until: number): readonly Planned[] {
  return list.slice(firstFrom(list, from), firstFrom(list, until))
}

function firstFrom(list: readonly Planned[], at: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Appointments, not messages: an e-mail and a text of one cancellation are one. */
function countByAgenda(list: readonly Planned[]): Burst {
  const counts = new Map<string, { readonly agendaKey: string; readonly kind: Notification['kind']; readonly seen: Set<string> }>()
  for (const { agendaKey, kind, appointmentId } of list) {
    const key = `${kind}:${agendaKey}`
    const count = counts.get(key) ?? { agendaKey, kind, seen: new Set() }
    counts.set(key, count)
    count.seen.add(appointmentId)
  }
  return [...counts.values()].map(({ agendaKey, kind, seen }) => ({ agendaKey, kind, count: seen.size }))
}
