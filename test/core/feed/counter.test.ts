import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Counter } from '../../../src/core/feed/counter.ts'
import { countOn, countsOneByOne } from '../../../src/core/feed/counter.ts'

const now = Temporal.Instant.from('2026-11-20T15:00:00Z')
const counted = (numbers: readonly number[]): Counter => {
  const [first = 0, ...rest] = numbers
  return rest.reduce<Counter>((counter, number) => countOn(counter, number, now), countOn(undefined, first, now))
}

describe('the numbers of a sender', () => {
  test.each([
    ['one by one lack nothing', [7, 8, 9], 0],
    ['with one left out', [7, 9], 1],
    ['with a hundred left out', [7, 108], 100],
    ['with one that came twice', [7, 8, 8, 9], 0],
    ['with one that came late', [7, 9, 8, 10], 0],
    ['with a gap half filled', [7, 12, 9], 3],
    ['that begin anew', [9_999_999, 1, 2], 0],
    ['that begin anew keep what was missing before', [7, 9, 1_000_000, 1_000_001], 1],
    ['that go back a little are old ones', [100, 50, 51, 101], 0],
  ])('%s', (_, numbers, missing) => {
    expect(counted(numbers).missing).toBe(missing)
  })

  test('in any order, all there in the end, lack nothing', () => {
    const shuffled = fc.integer({ min: 2, max: 15 }).chain((length) =>
      fc.shuffledSubarray(
        Array.from({ length }, (_, n) => n + 2),
        { minLength: length, maxLength: length },
      ),
    )
    fc.assert(
      fc.property(shuffled, (numbers) => {
        expect(counted([1, ...numbers]).missing).toBe(0)
      }),
    )
  })

  test('where most steps leap, the count is shared with others and its gaps mean nothing', () => {
    expect(countsOneByOne(counted([1, 4, 9, 11, 20]))).toBe(false)
    expect(countsOneByOne(counted([1, 2, 3, 4, 5, 7]))).toBe(true)
  })
})
