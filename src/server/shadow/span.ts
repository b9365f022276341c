import { Temporal } from 'temporal-polyfill'
import type { ComparisonAsked } from './comparison.ts'
import { longestSpan } from './comparison.ts'

export interface SpanAsked {
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** Minutes. */
  readonly within: number
}

/** The last seven days, unless told. Undefined: there is no such time, or it is too long. */
export function readSpan({ from, until, within }: SpanAsked, now: Temporal.Instant): Omit<ComparisonAsked, 'clinicId'> | undefined {
  try {
    const end = until === undefined ? now : Temporal.Instant.from(until)
    const begin = from === undefined ? end.subtract({ hours: 24 * 7 }) : Temporal.Instant.from(from)
    const isSpan = Temporal.Instant.compare(begin, end) < 0 && Temporal.Instant.compare(begin.add(longestSpan), end) >= 0
    return isSpan ? { span: { from: begin, until: end }, within: Temporal.Duration.from({ minutes: within }) } : undefined
  } catch {
    return undefined
  }
}
