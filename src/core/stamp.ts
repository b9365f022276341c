import { Temporal } from 'temporal-polyfill'

/** When the EHR last spoke of one aspect. `at` carries microseconds where the source gives them. */
export interface Stamp {
  readonly at: Temporal.Instant
  /** MSH-10 when it is a number: of two words at the same `at`, the greater is the later (V2-ORD-1). */
  readonly sequence?: number
}

/** Above zero: `a` is the later word. Zero: the source's clock cannot tell. */
export function compareStamps(a: Stamp, b: Stamp): number {
  const byClock = Temporal.Instant.compare(a.at, b.at)
  if (byClock !== 0) return byClock
  return a.sequence !== undefined && b.sequence !== undefined ? a.sequence - b.sequence : 0
}

/** Law 5: the newest word wins by the source's clock; where that cannot tell, the one that came last. */
export function supersedes(word: Stamp, previous: Stamp | undefined): boolean {
  return previous === undefined || compareStamps(word, previous) >= 0
}
