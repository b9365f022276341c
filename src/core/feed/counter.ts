import type { Temporal } from 'temporal-polyfill'

/** What a sender's own numbers (MSH-10) say of messages that never came. */
export interface Counter {
  readonly last: number
  /** Numbers that were left out and did not come since. */
  readonly missing: number
  /** Steps of one, and longer ones: many of those, and the sender counts more than what it sends us. */
  readonly steps: number
  readonly leaps: number
  /** The latest gaps, both ends included: what comes late closes them. */
  readonly gaps: readonly (readonly [from: number, to: number])[]
  readonly lastGapAt?: Temporal.Instant
}

const mostGaps = 20
/** Further back, or further ahead, is another count: the sender began anew. */
const longestGap = 10_000

/** After one more number. The same or an older one is a resend, or late. */
export function countOn(counter: Counter | undefined, number: number, at: Temporal.Instant): Counter {
  if (!counter || Math.abs(number - counter.last) > longestGap) {
    const begun = { last: number, missing: 0, steps: 0, leaps: 0, gaps: [] }
    return counter ? { ...counter, ...begun, missing: counter.missing } : begun
  }
  const step = number - counter.last
  if (step <= 0) return closeGap(counter, number)
  if (step === 1) return { ...counter, last: number, steps: counter.steps + 1 }
  return {
    last: number,
    missing: counter.missing + step - 1,
    steps: counter.steps,
    leaps: counter.leaps + 1,
    gaps: [...counter.gaps, [counter.last + 1, number - 1] as const].slice(-mostGaps),
    lastGapAt: at,
  }
}

function closeGap(counter: Counter, number: number): Counter {
  const index = counter.gaps.findIndex(([from, to]) => from <= number && number <= to)
  const gap = counter.gaps[index]
  if (!gap) return counter
  const [from, to] = gap
  const left = (
    [
      [from, number - 1],
      [number + 1, to],
    ] as const
  ).filter(([first, last]) => first <= last)
  return { ...counter, missing: counter.missing - 1, gaps: counter.gaps.toSpliced(index, 1, ...left).slice(-mostGaps) }
}

/** Where more than one step in five leaps, other receivers share the count, and gaps mean nothing. */
export function countsOneByOne({ steps, leaps }: Counter): boolean {
  return leaps * 4 <= steps
}
