import type { Temporal } from 'temporal-polyfill'

/** When the EHR last spoke of one aspect. `at` carries microseconds where the source gives them. */
export interface Stamp {
  readonly at: Temporal.Instant
  /** MSH-10 when it is a number: of two words at the same `at`, the greater is the later (V2-ORD-1). */
  readonly sequence?: number
}
