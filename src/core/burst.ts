import type { NotificationKind } from './kind.ts'
import type { Settings } from './settings.ts'

/** Notices planned in a stretch of time, by agenda. */
export type Burst = readonly { readonly agendaKey: string; readonly kind: NotificationKind; readonly count: number }[]

const absenceKinds: ReadonlySet<NotificationKind> = new Set(['change', 'cancellation'])

/** D12: so many cancellations or moves of one agenda at once are one absence, not an accident. */
export function isAbsence(burst: Burst, agendaKey: string | undefined, { least }: Settings['absence']): boolean {
  if (agendaKey === undefined) return false
  return total(burst.filter((row) => row.agendaKey === agendaKey && absenceKinds.has(row.kind))) >= least
}

export function total(burst: Burst): number {
  return burst.reduce((sum, { count }) => sum + count, 0)
}

export function agendasIn(burst: Burst): number {
  return new Set(burst.map(({ agendaKey }) => agendaKey)).size
}

/** The middle one; of an even number the higher of the two, so that a quiet past does not trip on little. */
export function median(counts: readonly number[]): number {
  return [...counts].sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0
}

/** R8: at least so many, far more than usual, and of many agendas; but one agenda's burst is an absence (D12), and never held. */
export function isMassChange(burst: Burst, usual: number, fuse: Settings['fuse']): boolean {
  const seen = total(burst)
  const isOut = seen >= fuse.least && seen > fuse.factor * usual && agendasIn(burst) > fuse.agendas
  return isOut && !isOfOneAgenda(burst, usual, fuse)
}

/**
 * One agenda has most of it, and all the others together hardly more than is usual: less than what an even spread of the least mass change
 * would give one agenda (12 of 50 over four).
 */
function isOfOneAgenda(burst: Burst, usual: number, { least, agendas }: Settings['fuse']): boolean {
  const most = busiest(burst)
  const others = total(burst) - most
  return most > others && (others - usual) * (agendas + 1) < least
}

/** How many are of the agenda that has the most. */
function busiest(burst: Burst): number {
  const byAgenda = new Map<string, number>()
  for (const { agendaKey, count } of burst) byAgenda.set(agendaKey, (byAgenda.get(agendaKey) ?? 0) + count)
  return Math.max(0, ...byAgenda.values())
}
