import { describe, expect, it } from 'vitest'
import { priceOf } from '../../src/core/metering.ts'
import type { SmsPrice } from '../../src/core/settings.ts'

const table: readonly SmsPrice[] = [
  { from: '2026-03-01', perSegment: 450, currency: 'CAD' },
  { from: '2025-01-01', perSegment: 500, currency: 'CAD' },
  { from: '2027-01-01', perSegment: 600, currency: 'USD' },
]

describe('O21: what a text costs, in ten-thousandths', () => {
  it.each<[string, readonly SmsPrice[], string, number, number, string]>([
    ['0.05 at first', table, '2025-06-30', 1, 500, 'CAD'],
    ['three segments are three', table, '2025-06-30', 3, 1500, 'CAD'],
    ['the day before the price changes', table, '2026-02-28', 1, 500, 'CAD'],
    ['on the day itself', table, '2026-03-01', 1, 450, 'CAD'],
    ['in another currency from then on', table, '2027-01-01', 2, 1200, 'USD'],
    ['nothing before the first price', table, '2024-12-31', 5, 0, 'CAD'],
    ['nothing where no price was ever set', [], '2026-11-24', 5, 0, 'XXX'],
    ['nothing for no segment', table, '2026-11-24', 0, 0, 'CAD'],
    [
      'of two prices of one day the later written',
      [...table, { from: '2026-03-01', perSegment: 400, currency: 'CAD' }],
      '2026-03-01',
      1,
      400,
      'CAD',
    ],
  ])('%s', (_, prices, day, segments, price, currency) => {
    expect(priceOf(prices, day, segments)).toEqual({ price, currency })
  })

  it('is the same whatever the order of the table', () => {
    for (const day of ['2024-12-31', '2025-01-01', '2026-03-01', '2026-12-31', '2030-01-01'])
      expect(priceOf([...table].reverse(), day, 7).price).toBe(priceOf(table, day, 7).price)
  })
})
