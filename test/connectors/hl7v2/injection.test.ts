import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyDelimiters, faultWith, hostileWords } from './support/injection.ts'

it('R24: hostile words, in any delimiters: one frame, the same segments, the same words', () => {
  fc.assert(
    fc.property(hostileWords, anyDelimiters, (said, chosen) => {
      expect(faultWith(said, chosen)).toBeUndefined()
    }),
    { numRuns: 1_120 },
  )
}, 600_000)
