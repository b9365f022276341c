import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { afterTry, takenBack, waitsUntil } from '../../src/core/growing-wait.ts'
import { noGuesses } from '../../src/core/guesses.ts'

const nine = Temporal.Instant.from('2026-04-10T09:00:00Z')
const rule = { free: 3, first: Temporal.Duration.from({ seconds: 10 }), longest: Temporal.Duration.from({ minutes: 2 }) }

const afterTries = (count: number) => {
  let guesses = noGuesses
  for (let i = 0; i < count; i += 1) guesses = afterTry(guesses, nine)
  return guesses
}

describe('who tries too often waits longer each time', () => {
  test.each<[number, number | undefined]>([
    [0, undefined],
    [2, undefined],
    [3, 10],
    [4, 20],
    [5, 40],
    [6, 80],
    [7, 120],
    [500, 120],
  ])('after %s tries: %s s', (count, seconds) => {
    const until = waitsUntil(afterTries(count), rule, nine)
    expect(until?.since(nine).total('seconds')).toBe(seconds)
    if (until) expect(waitsUntil(afterTries(count), rule, until)).toBeUndefined()
  })

  test('after a day without one it begins anew, and where a clock that was ahead dated the last', () => {
    expect(waitsUntil(afterTries(9), rule, nine.add({ hours: 24 }))).toBeUndefined()
    expect(afterTry(afterTries(9), nine.add({ hours: 24 })).failures).toBe(1)
    expect(waitsUntil(afterTries(9), rule, nine.subtract({ hours: 24 }))).toBeUndefined()
  })

  test('one that was right is taken back, and never below none', () => {
    expect(takenBack(afterTries(2)).failures).toBe(1)
    expect(takenBack(noGuesses).failures).toBe(0)
  })
})
