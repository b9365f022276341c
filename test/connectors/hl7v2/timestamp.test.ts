import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { formatTimestamp, isPrecise, parseTimestamp, placeTimestamp } from '../../../src/connectors/hl7v2/timestamp.ts'

describe('wall clocks become instants (§1.6)', () => {
  it.each([
    ['Paris in summer', '202607141430', 'Europe/Paris', '2026-07-14T12:30:00Z', []],
    ['Paris in winter', '202501141430', 'Europe/Paris', '2025-01-14T13:30:00Z', []],
    ['Paris, an hour that does not exist', '20250330023000', 'Europe/Paris', '2025-03-30T01:30:00Z', ['W-DST-GAP']],
    ['Paris, an hour that comes twice: the first', '20251026023000', 'Europe/Paris', '2025-10-26T00:30:00Z', ['W-DST-OVERLAP']],
    ['Toronto, an hour that does not exist', '20250309023000', 'America/Toronto', '2025-03-09T07:30:00Z', ['W-DST-GAP']],
    ['Toronto, an hour that comes twice: the first', '20251102013000', 'America/Toronto', '2025-11-02T05:30:00Z', ['W-DST-OVERLAP']],
    [
      'an offset that is not the site’s is believed',
      '20260714143000-0500',
      'America/Toronto',
      '2026-07-14T19:30:00Z',
      ['W-OFFSET-MISMATCH'],
    ],
    ['the site’s own offset', '20260714143000-0400', 'America/Toronto', '2026-07-14T18:30:00Z', []],
    ['Epic’s fraction without a dot', '2010052711090000', 'America/Chicago', '2010-05-27T16:09:00Z', []],
    ['tenths of a millisecond', '20260714143000.1234', 'Europe/Paris', '2026-07-14T12:30:00.1234Z', []],
    ['eighteen digits', '202607141430001234', 'Europe/Paris', '2026-07-14T12:30:00.1234Z', []],
    ['the midnight that ends the day', '20260714240000', 'Europe/Paris', '2026-07-14T22:00:00Z', []],
    ['ISO 8601', '2026-03-01T09:00', 'Europe/Paris', '2026-03-01T08:00:00Z', []],
    ['ISO 8601 in UTC', '2026-03-01T09:00:00Z', 'UTC', '2026-03-01T09:00:00Z', []],
    ['ISO 8601 with an offset', '2026-03-01T09:00:00+01:00', 'Europe/Paris', '2026-03-01T08:00:00Z', []],
    ['a blank before the offset', '20260301120001 +0100', 'Europe/Paris', '2026-03-01T11:00:01Z', []],
  ])('%s', (_, text, zone, instant, warnings) => {
    const timestamp = parseTimestamp(text)
    if (!timestamp) throw new Error('not read')
    expect(isPrecise(timestamp)).toBe(true)
    const placed = placeTimestamp(timestamp, zone)
    expect(placed.at.toString()).toBe(instant)
    expect(placed.warnings).toEqual(warnings)
  })

  it('believes the wall clock instead where the site’s offsets are known to be wrong', () => {
    const timestamp = parseTimestamp('20260714143000-0500')
    if (!timestamp) throw new Error('not read')
    expect(placeTimestamp(timestamp, 'America/Toronto', 'wallclock').at.toString()).toBe('2026-07-14T18:30:00Z')
  })
})

describe('how much is known (V2-TIM-2)', () => {
  it.each([
    ['2026', 'year', false],
    ['202607', 'month', false],
    ['20260714', 'day', false],
    ['2026071414', 'hour', false],
    ['202607141430', 'minute', true],
    ['20260714143000', 'second', true],
    ['20260714143000.1', 'fraction', true],
    ['2026-07-14', 'day', false],
  ])('%s: the %s', (text, precision, precise) => {
    const timestamp = parseTimestamp(text)
    expect(timestamp?.precision).toBe(precision)
    expect(timestamp && isPrecise(timestamp)).toBe(precise)
  })

  it.each([
    '',
    'soon',
    '20261301',
    '20260230',
    '2026071425',
    '202607141460',
    '20260714143061',
    '20260714250000',
    '20260714240001',
    '0000',
    '20260714143000+9900',
    `2026${'0'.repeat(60)}`,
  ])('refuses %o', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })
})

it('writes a moment with the offset it had there', () => {
  expect(formatTimestamp(Temporal.Instant.from('2026-03-01T11:00:01.5Z'), 'Europe/Paris')).toBe('20260301120001+0100')
  expect(formatTimestamp(Temporal.Instant.from('2026-07-01T11:00:01Z'), 'America/St_Johns')).toBe('20260701083001-0230')
})

it('places and writes every hour of every zone as Temporal does', () => {
  const zones = [
    'Europe/Paris',
    'America/Toronto',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'UTC',
  ]
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 365 * 30 })
  fc.assert(
    fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
      const wall = Temporal.PlainDateTime.from('2005-01-01T00:00').add({ minutes: minute })
      const timestamp = parseTimestamp(wall.toString().replaceAll(/[-:T]/g, '').slice(0, 12))
      if (!timestamp) throw new Error('not read')
      const at = wall.toZonedDateTime(zone).toInstant()
      expect(placeTimestamp(timestamp, zone).at.toString()).toBe(at.toString())
      const written = parseTimestamp(formatTimestamp(at, zone))
      if (!written) throw new Error('not written')
      expect(placeTimestamp(written, zone)).toEqual({ at, warnings: [] })
    }),
    { numRuns: 2000 },
  )
})
