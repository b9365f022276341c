import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Habit } from '../../../src/core/feed/habit.ts'
import { addTo, hourOf, MISSED_TOO_MANY, missedSince } from '../../../src/core/feed/habit.ts'

const zone = 'America/Toronto'
const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant()

/** A feed of a clinic: so many messages in each hour of eight to seventeen, Monday to Friday, and a batch on Sundays at three. */
function clinicFeed(from: string, until: string, perHour = 60): Habit {
  let habit: Habit | undefined
  for (
    let hour = at(from).toZonedDateTimeISO(zone);
    Temporal.Instant.compare(hour.toInstant(), at(until)) < 0;
    hour = hour.add({ hours: 1 })
  ) {
    const isOpen = hour.dayOfWeek <= 5 && hour.hour >= 8 && hour.hour < 17
    const isBatch = hour.dayOfWeek === 7 && hour.hour === 3
    const messages = isOpen ? perHour : isBatch ? 500 : 0
    if (messages > 0 || !habit) habit = addTo(habit, hourOf(hour.toInstant()), messages)
  }
  return habit ?? addTo(undefined, 0, 0)
}

// from the first Monday of September to Tuesday 27 October 2026
const habit = clinicFeed('2026-09-07T00:00', '2026-10-27T17:00')
const missed = (last: string, now: string, of = habit) => Math.round(missedSince(of, at(last), at(now), zone))

describe('a feed’s silence against its own habit', () => {
  test.each([
    ['two minutes on a Wednesday morning', '2026-10-28T10:00', '2026-10-28T10:02', 2],
    ['eleven minutes: an alarm', '2026-10-28T10:00', '2026-10-28T10:11', 11],
    ['a night', '2026-10-27T16:59', '2026-10-28T08:00', 0],
    ['the slow first hour of a day, still going on', '2026-10-27T16:59', '2026-10-28T08:50', 0],
    ['a first hour that brought nothing', '2026-10-27T16:59', '2026-10-28T09:00', 60],
    ['an evening that ends early in its last hour', '2026-10-27T16:20', '2026-10-27T20:00', 0],
    ['Saturday and a quiet Sunday, before the batch', '2026-10-30T16:59', '2026-11-01T02:30', 0],
    ['the Sunday batch that did not come', '2026-10-30T16:59', '2026-11-01T05:00', 500],
    ['an hour that is the same by the clock after summer time has ended', '2026-11-02T10:00', '2026-11-02T10:30', 30],
  ])('%s', (_, last, now, messages) => {
    expect(missed(last, now)).toBe(messages)
  })

  test('a feed that is known for a week only misses nothing', () => {
    const young = clinicFeed('2026-10-19T00:00', '2026-10-27T17:00')
    expect(missed('2026-10-28T10:00', '2026-10-28T16:00', young)).toBe(0)
  })

  test('one busy Sunday makes no habit, and one holiday ends none', () => {
    const busy = addTo(habit, hourOf(at('2026-10-18T14:00')), 900)
    expect(missed('2026-10-25T13:00', '2026-10-25T16:00', busy)).toBe(0)
    const hours = new Map(
      [...habit.hours].filter(([hour]) => hour < hourOf(at('2026-10-14T00:00')) || hour >= hourOf(at('2026-10-15T00:00'))),
    )
    expect(missed('2026-10-28T10:00', '2026-10-28T11:00', { ...habit, hours })).toBe(60)
  })

  test('a small feed is missed later than a large one', () => {
    const small = clinicFeed('2026-09-07T00:00', '2026-10-27T17:00', 3)
    expect(missed('2026-10-28T09:00', '2026-10-28T12:00', small)).toBeLessThan(MISSED_TOO_MANY)
    expect(missed('2026-10-28T09:00', '2026-10-28T13:00', small)).toBeGreaterThanOrEqual(MISSED_TOO_MANY)
  })

  test('what is older than eight weeks is let go of', () => {
    expect(addTo(habit, hourOf(at('2027-03-01T10:00')), 1).hours.size).toBe(1)
  })

  test('the longer the silence, the more is missed', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 5 })
    fc.assert(
      fc.property(minutes, minutes, (a, b) => {
        const from = at('2026-10-27T10:00')
        const missing = (length: number) => missedSince(habit, from, from.add({ minutes: length }), zone)
        // of an hour not over only a part may count, all of it once it is
        expect(missing(Math.max(a, b))).toBeGreaterThanOrEqual(missing(Math.min(a, b)) - 1e-6)
      }),
    )
  })
})
