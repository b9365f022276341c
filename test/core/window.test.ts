import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { confirmState, confirmWindow, windowState } from '../../src/core/window.ts'

const start = Temporal.Instant.from('2026-11-26T14:40:00.000000001Z')
const HOUR = 3_600_000_000_000n

test.each([
  ['48 h and a nanosecond before it is too early', 48n * HOUR + 1n, 'before'],
  ['48 h before it may be confirmed', 48n * HOUR, 'open'],
  ['a nanosecond before the start it still may be', 1n, 'open'],
  ['at the start it is too late', 0n, 'after'],
] as const)('%s (O14)', (_, before, state) => {
  const now = Temporal.Instant.fromEpochNanoseconds(start.epochNanoseconds - before)
  expect(confirmState(start, now)).toBe(state)
})

test('the state that is asked of every message is that of the window, to the nanosecond (O14)', () => {
  fc.assert(
    fc.property(fc.bigInt(-50n * HOUR, 2n * HOUR), fc.bigInt(-3n, 3n), fc.constantFrom(0n, 48n * HOUR), (far, near, edge) => {
      for (const after of [far, near - edge]) {
        const now = Temporal.Instant.fromEpochNanoseconds(start.epochNanoseconds + after)
        expect(confirmState(start, now)).toBe(windowState(confirmWindow(start), now))
      }
    }),
  )
})
