import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Sighting } from '../../../src/core/feed/time-shift.ts'
import { findShift, sight } from '../../../src/core/feed/time-shift.ts'

const now = Temporal.Instant.from('2026-11-20T15:00:00Z')

/** So many appointments on the days ahead, each moved by so many minutes. */
function moved(
  count: number,
  minutes: number,
  more: { readonly from?: number; readonly oneDay?: boolean; readonly agendas?: number; readonly minute?: number } = {},
) {
  const { from = 0, oneDay = false, agendas = 3, minute = 0 } = more
  return Array.from({ length: count }, (_, n): Sighting => {
    const before = now.add({ hours: 24 * (oneDay ? 1 : 1 + (n % 10)), minutes: 20 * n })
    return {
      appointmentId: `ehr:${from + n}`,
      at: now.add({ minutes: minute }),
      before,
      after: before.add({ minutes }),
      agendaKey: `agenda ${n % agendas}`,
      reading: 'SCH-11.4 as UTC',
    }
  })
}

const seen = (...all: (readonly Sighting[])[]) => all.flat().reduce<readonly Sighting[]>(sight, [])
const shift = (...all: (readonly Sighting[])[]) => findShift(seen(...all))

describe('section 4, time doctor: whether a feed has shifted', () => {
  test.each([
    ['every start moves by one hour', [moved(20, 60)], 60],
    ['every start moves back by two hours', [moved(25, -120)], -120],
    ['a zone of half hours', [moved(20, 90)], 90],
    ['more than four in five', [moved(17, 60), moved(3, 0, { from: 50 })], 60],
    ['after a calm morning', [moved(20, 0), moved(20, 60, { from: 50, minute: 60 })], 60],
    ['one agenda, on many days', [moved(20, 60, { agendas: 1 })], 60],
    ['many agendas, on one day', [moved(20, 60, { oneDay: true })], 60],
  ])('%s: the feed has shifted', (_, all, minutes) => {
    expect(shift(...all)).toMatchObject({ minutes })
  })

  test.each([
    ['nineteen appointments', [moved(19, 60)]],
    ['four in five, and no more', [moved(16, 60), moved(4, 0, { from: 50 })]],
    ['a move by a quarter of an hour', [moved(30, 15)]],
    ['a move by a day', [moved(30, 24 * 60)]],
    ['moves each its own way', [moved(12, 60), moved(12, 120, { from: 50 })]],
    ['a feed that says again what is known', [moved(40, 0)]],
    ['the day of one agenda: somebody comes late', [moved(25, 60, { agendas: 1, oneDay: true })]],
    ['nothing', []],
  ])('%s: it has not', (_, all) => {
    expect(shift(...all)).toBeUndefined()
  })

  test('says how many, of how many, and how they were read', () => {
    expect(shift(moved(19, 60), moved(2, 0, { from: 50 }))).toEqual({ minutes: 60, moved: 19, seen: 21, readings: ['SCH-11.4 as UTC'] })
  })

  test('an appointment said twice counts once, from where it stood first', () => {
    const first = moved(20, 60)
    const again = first.map((each) => ({ ...each, before: each.after }))
    expect(shift(first, again)).toMatchObject({ minutes: 60, moved: 20, seen: 20 })
  })

  test('what is older than a day is forgotten', () => {
    expect(shift(moved(19, 60), moved(1, 60, { from: 50, minute: 25 * 60 }))).toBeUndefined()
  })
})
