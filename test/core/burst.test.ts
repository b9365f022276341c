import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Burst } from '../../src/core/burst.ts'
import { agendasIn, isAbsence, isMassChange, median, total } from '../../src/core/burst.ts'
import type { NotificationKind } from '../../src/core/kind.ts'

const fuse = { least: 50, factor: 5, agendas: 3 }
const absence = { least: 5, within: Temporal.Duration.from('PT10M') }

/** So many cancellations of each agenda. */
const spread = (...counts: readonly number[]): Burst =>
  counts.map((count, index) => ({ agendaKey: `agenda ${index}`, kind: 'cancellation', count }))

describe('what is usual at an hour', () => {
  it.each<[string, readonly number[], number]>([
    ['no past at all', [], 0],
    ['one week', [7], 7],
    ['the middle of three', [9, 1, 4], 4],
    ['of an even number the higher of the two, so that a quiet past does not trip on little', [0, 0, 8, 9], 8],
    ['one wild week does not count', [3, 4, 400, 3, 4], 4],
    ['ten is more than nine', [10, 9, 10], 10],
  ])('%s', (_, counts, usual) => {
    const given = [...counts]
    expect(median(counts)).toBe(usual)
    expect(counts).toEqual(given)
  })

  it('is one of them, whatever they are, and as many are at or above it as below', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), (counts) => {
        const usual = median(counts)
        expect(counts).toContain(usual)
        expect(counts.filter((count) => count >= usual).length * 2).toBeGreaterThanOrEqual(counts.length)
        expect(counts.filter((count) => count <= usual).length * 2).toBeGreaterThanOrEqual(counts.length)
      }),
    )
  })
})

describe('section 4, fuse (R8): a mass change', () => {
  it.each<[string, Burst, number, boolean]>([
    ['60 over five agendas, the past quiet', spread(12, 12, 12, 12, 12), 0, true],
    ['60 over five agendas, 12 usual: five times as many is not more', spread(12, 12, 12, 12, 12), 12, false],
    ['61 over five agendas, 12 usual', spread(13, 12, 12, 12, 12), 12, true],
    ['60 over five agendas, as many usual', spread(12, 12, 12, 12, 12), 60, false],
    ['50 is enough', spread(13, 13, 12, 12), 0, true],
    ['49 is not', spread(13, 12, 12, 12), 0, false],
    ['more than three agendas: four', spread(20, 20, 20, 20), 0, true],
    ['more than three agendas: three are not', spread(300, 300, 300), 0, false],
    ['one of each of sixty agendas', spread(...Array.from({ length: 60 }, () => 1)), 0, true],
    ['an uneven spread', spread(30, 10, 6, 4), 0, true],
    ['D12: one agenda’s 200 is an absence', spread(200), 0, false],
    ['D12: one agenda’s 200, and the three cancellations that others have anyway', spread(200, 1, 1, 1), 0, false],
    ['D12: one agenda’s 200, while the others have what is usual', spread(200, 3, 4, 3), 10, false],
    ['D12: one agenda has most, the others 12 beyond the usual', spread(60, 4, 4, 4), 0, false],
    ['one agenda has most, the others 13 beyond the usual', spread(60, 5, 4, 4), 0, true],
    ['D12: one agenda has most, the others 12 beyond a usual 10', spread(60, 8, 7, 7), 10, false],
    ['one agenda has most, the others 13 beyond a usual 10', spread(60, 8, 8, 7), 10, true],
    ['the others have as many as the busiest', spread(25, 10, 10, 5), 0, true],
    ['one agenda’s 200, and the others far beyond the usual as well', spread(200, 30, 30, 30), 10, true],
    ['nothing', [], 0, false],
  ])('%s', (_, burst, usual, held) => {
    expect(isMassChange(burst, usual, fuse)).toBe(held)
  })

  it('an agenda that both moves and cancels is one agenda', () => {
    const moves = spread(20, 20, 20).map((row) => ({ ...row, kind: 'change' as const }))
    expect(agendasIn([...moves, ...spread(20, 20, 20)])).toBe(3)
    expect(isMassChange([...moves, ...spread(20, 20, 20)], 0, fuse)).toBe(false)
  })

  it('a busier past never makes one, and one agenda alone never is one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 12 }), fc.nat(100), fc.nat(100), fc.nat(10_000), (counts, usual, more, alone) => {
        const burst = spread(...counts)
        if (isMassChange(burst, usual + more, fuse)) expect(isMassChange(burst, usual, fuse)).toBe(true)
        expect(isMassChange(spread(alone), usual, fuse)).toBe(false)
        if (isMassChange(burst, usual, fuse)) expect(total(burst)).toBeGreaterThanOrEqual(fuse.least)
      }),
    )
  })
})

describe('R8: whoever sets the fuse otherwise', () => {
  it.each<[string, Burst, number, Partial<typeof fuse>, boolean]>([
    ['of any number of agendas: two that share it', spread(25, 25), 0, { agendas: 0 }, true],
    ['of any number of agendas: one alone is an absence all the same', spread(60), 0, { agendas: 0 }, false],
    ['ten are enough, over four', spread(3, 3, 2, 2), 0, { least: 10 }, true],
    ['ten are enough, but one agenda has eight', spread(8, 1, 1, 0), 0, { least: 10, agendas: 2 }, false],
  ])('%s', (_, burst, usual, overrides, held) => {
    expect(isMassChange(burst, usual, { ...fuse, ...overrides })).toBe(held)
  })

  it('what is not held though it is much, and of many, is one agenda’s: it has most', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120), { minLength: 4, maxLength: 12 }), fc.nat(40), (counts, usual) => {
        const seen = counts.reduce((sum, count) => sum + count, 0)
        const isMuch = seen >= fuse.least && seen > fuse.factor * usual
        if (!isMuch || isMassChange(spread(...counts), usual, fuse)) return
        expect(Math.max(...counts) * 2).toBeGreaterThan(seen)
      }),
    )
  })
})

describe('D12: an absence', () => {
  const of = (kind: NotificationKind, count: number, agendaKey = 'moreau') => ({ agendaKey, kind, count })
  it.each<[string, Burst, string | undefined, boolean]>([
    ['five cancellations of one agenda', [of('cancellation', 5)], 'moreau', true],
    ['four', [of('cancellation', 4)], 'moreau', false],
    ['moves count as well', [of('cancellation', 2), of('change', 3)], 'moreau', true],
    ['corrections do not', [of('cancellation', 4), of('correction', 9)], 'moreau', false],
    ['those of another agenda do not', [of('cancellation', 4), of('cancellation', 9, 'petit')], 'moreau', false],
    ['without an agenda nobody is absent', [of('cancellation', 9, '')], undefined, false],
  ])('%s', (_, burst, agendaKey, absent) => {
    expect(isAbsence(burst, agendaKey, absence)).toBe(absent)
  })
})
