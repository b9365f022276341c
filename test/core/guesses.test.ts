import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Guesses } from '../../src/core/guesses.ts'
import { afterRightGuess, afterWrongGuess, hasPass, mayGuess, noGuesses } from '../../src/core/guesses.ts'

const now = Temporal.Instant.from('2026-11-25T15:00:00Z')
const wrong = (times: number, at = now): Guesses =>
  Array.from({ length: times }).reduce<Guesses>((all) => afterWrongGuess(all, at), noGuesses)

describe('five guesses, then an hour’s wait (R26)', () => {
  test.each([
    ['before the first', 0, 'PT0S', true],
    ['after four wrong ones', 4, 'PT0S', true],
    ['after five', 5, 'PT0S', false],
    ['59 minutes later', 5, 'PT59M', false],
    ['an hour later', 5, 'PT1H', true],
    ['a clock put back by an hour', 5, '-PT1H', true],
  ])('%s', (_, times, later, may) => {
    expect(mayGuess(wrong(times), 5, now.add(later))).toBe(may)
  })

  test('after the wait there are five again, not one', () => {
    const later = now.add({ hours: 1 })
    const again = afterWrongGuess(wrong(5), later)
    expect(again.failures).toBe(1)
    expect(mayGuess(again, 5, later)).toBe(true)
  })

  test('whatever the hours, never more than five wrong ones within an hour', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (gaps) => {
        let guesses = noGuesses
        let at = now
        const taken: Temporal.Instant[] = []
        for (const minutes of gaps) {
          at = at.add({ minutes })
          if (!mayGuess(guesses, 5, at)) continue
          guesses = afterWrongGuess(guesses, at)
          taken.push(at)
        }
        for (const [index, each] of taken.entries()) {
          const sixth = taken[index + 5]
          if (sixth) expect(sixth.since(each).total('minutes')).toBeGreaterThanOrEqual(60)
        }
      }),
    )
  })
})

describe('a right answer', () => {
  test('opens for half an hour, for what was handed out and nothing else', () => {
    const guesses = afterRightGuess(wrong(3), 'a', now)
    expect(guesses.failures).toBe(0)
    expect(hasPass(guesses, 'a', now.add({ minutes: 29 }))).toBe(true)
    expect(hasPass(guesses, 'a', now.add({ minutes: 30 }))).toBe(false)
    expect(hasPass(guesses, 'b', now)).toBe(false)
  })

  test('keeps the newest five', () => {
    const guesses = ['a', 'b', 'c', 'd', 'e', 'f'].reduce<Guesses>((all, hash) => afterRightGuess(all, hash, now), noGuesses)
    expect(guesses.passes.map(({ hash }) => hash)).toEqual(['b', 'c', 'd', 'e', 'f'])
  })

  test('a wrong one after it takes nothing away', () => {
    expect(hasPass(afterWrongGuess(afterRightGuess(noGuesses, 'a', now), now), 'a', now)).toBe(true)
  })
})
