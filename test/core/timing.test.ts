import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { QuietHours } from '../../src/core/cadence.ts'
import { noticeTime, outsideQuiet, quietAt, stepDueAt } from '../../src/core/timing.ts'

const zones = ['Europe/Paris', 'America/Toronto', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'] as const

/** `2026-03-30T09:00+02:00` */
const at = (text: string) => Temporal.Instant.from(text)
const local = (instant: Temporal.Instant, zone: string) =>
  instant.toZonedDateTimeISO(zone).toString({ smallestUnit: 'minute', timeZoneName: 'never' })
const elapsed = (hours: number) => ({ before: Temporal.Duration.from({ hours }) })
const wall = (daysBefore: number, time: string) => ({ daysBefore, at: Temporal.PlainTime.from(time) })
const quiet = (from: string, until: string): QuietHours => ({ from: Temporal.PlainTime.from(from), until: Temporal.PlainTime.from(until) })

/** rules.md section 7. The offsets are those of the summer and winter of 2026 in each place. */
describe('section 7: when a step is due', () => {
  const rows: readonly (readonly [string, string, string, Parameters<typeof stepDueAt>[0], string])[] = [
    ['36 h before, in winter', 'Europe/Paris', '2026-11-26T09:40+01:00', elapsed(36), '2026-11-24T21:40+01:00'],
    ['36 h before, over the night that loses an hour', 'Europe/Paris', '2026-03-30T09:00+02:00', elapsed(36), '2026-03-28T20:00+01:00'],
    ['36 h before, over the night that gains one', 'Europe/Paris', '2026-10-26T09:00+01:00', elapsed(36), '2026-10-24T22:00+02:00'],
    ['36 h before, over the night that loses an hour', 'America/Toronto', '2026-03-09T09:00-04:00', elapsed(36), '2026-03-07T20:00-05:00'],
    ['36 h before, over half an hour lost', 'Australia/Lord_Howe', '2026-10-05T09:00+11:00', elapsed(36), '2026-10-03T20:30+10:30'],
    ['36 h before, over half an hour gained', 'Australia/Lord_Howe', '2026-04-06T09:00+10:30', elapsed(36), '2026-04-04T21:30+11:00'],
    [
      'the day before at one, into summer time, stays at one',
      'Europe/Paris',
      '2026-03-29T15:00+02:00',
      wall(1, '13:00'),
      '2026-03-28T13:00+01:00',
    ],
    [
      'the day before at one, into winter time, stays at one',
      'America/Toronto',
      '2026-11-01T15:00-05:00',
      wall(1, '13:00'),
      '2026-10-31T13:00-04:00',
    ],
    ['a quarter-hour zone', 'Asia/Kathmandu', '2026-11-26T10:00+05:45', wall(1, '13:00'), '2026-11-25T13:00+05:45'],
    [
      'the day before is of the place, not of Greenwich',
      'Europe/Paris',
      '2026-11-26T00:30+01:00',
      wall(1, '13:00'),
      '2026-11-25T13:00+01:00',
    ],
    ['two days before, over a month’s end', 'America/St_Johns', '2026-03-01T09:00-03:30', wall(2, '13:00'), '2026-02-27T13:00-03:30'],
    ['an hour that does not exist: the later', 'Europe/Paris', '2026-03-30T09:00+02:00', wall(1, '02:30'), '2026-03-29T03:30+02:00'],
    ['an hour that does not exist: the later', 'America/Toronto', '2026-03-09T09:00-04:00', wall(1, '02:30'), '2026-03-08T03:30-04:00'],
    ['an hour that does not exist: the later', 'America/St_Johns', '2026-03-09T09:00-02:30', wall(1, '02:30'), '2026-03-08T03:30-02:30'],
    [
      'a quarter of an hour that does not exist: the later',
      'Australia/Lord_Howe',
      '2026-10-05T09:00+11:00',
      wall(1, '02:15'),
      '2026-10-04T02:45+11:00',
    ],
    ['an hour that comes twice: the first', 'Europe/Paris', '2026-10-26T09:00+01:00', wall(1, '02:30'), '2026-10-25T02:30+02:00'],
    ['an hour that comes twice: the first', 'America/Toronto', '2026-11-02T09:00-05:00', wall(1, '01:30'), '2026-11-01T01:30-04:00'],
    ['an hour that comes twice: the first', 'America/St_Johns', '2026-11-02T09:00-03:30', wall(1, '01:30'), '2026-11-01T01:30-02:30'],
    [
      'a quarter of an hour that comes twice: the first',
      'Australia/Lord_Howe',
      '2026-04-06T09:00+10:30',
      wall(1, '01:45'),
      '2026-04-05T01:45+11:00',
    ],
  ]
  it.each(rows)('%s (%s)', (_name, zone, start, when, due) => {
    expect(local(stepDueAt(when, at(start), zone), zone)).toBe(due)
  })
})

const night = quiet('21:00', '08:00')

describe('section 7: quiet hours', () => {
  it.each([
    ['20:59:59 is not quiet', '2026-11-26T20:59:59-05:00', undefined],
    ['21:00 is', '2026-11-26T21:00-05:00', ['2026-11-26T21:00-05:00', '2026-11-27T08:00-05:00']],
    ['past midnight it is still the night before', '2026-11-27T03:00-05:00', ['2026-11-26T21:00-05:00', '2026-11-27T08:00-05:00']],
    ['07:59:59 is', '2026-11-27T07:59:59-05:00', ['2026-11-26T21:00-05:00', '2026-11-27T08:00-05:00']],
    ['08:00 is not', '2026-11-27T08:00-05:00', undefined],
    ['the night that loses an hour', '2026-03-08T03:30-04:00', ['2026-03-07T21:00-05:00', '2026-03-08T08:00-04:00']],
    ['the hour that comes twice, the second time', '2026-11-01T01:30-05:00', ['2026-10-31T21:00-04:00', '2026-11-01T08:00-05:00']],
  ] as const)('%s', (_name, now, expected) => {
    const held = quietAt(at(now), 'America/Toronto', night)
    const ends = held && [held.from, held.until].map((ms) => local(Temporal.Instant.fromEpochMilliseconds(ms), 'America/Toronto'))
    expect(ends).toEqual(expected)
  })

  it.each([
    ['at lunch', quiet('12:00', '14:00'), '2026-11-26T13:00-05:00', true],
    ['before lunch', quiet('12:00', '14:00'), '2026-11-26T11:59-05:00', false],
    ['from an hour to itself is never', quiet('08:00', '08:00'), '2026-11-26T08:00-05:00', false],
  ] as const)('%s', (_name, hours, now, inside) => {
    expect(quietAt(at(now), 'America/Toronto', hours) !== undefined).toBe(inside)
  })

  it('no quiet hours are set: never quiet', () => {
    expect(quietAt(at('2026-11-27T03:00-05:00'), 'America/Toronto', undefined)).toBeUndefined()
  })

  const booked = '2026-11-20T09:00-05:00'
  it.each([
    ['due by day: as it is', '2026-11-24T14:00-05:00', booked, '2026-11-24T14:00-05:00'],
    ['due at night: before the night', '2026-11-24T21:40-05:00', booked, '2026-11-24T20:59-05:00'],
    ['due past midnight: before the night', '2026-11-25T02:00-05:00', booked, '2026-11-24T20:59-05:00'],
    ['booked in that night: after it', '2026-11-25T02:00-05:00', '2026-11-24T22:00-05:00', '2026-11-25T08:00-05:00'],
    ['booked in the minute before it: after it', '2026-11-24T21:40-05:00', '2026-11-24T20:59-05:00', '2026-11-25T08:00-05:00'],
  ] as const)('a reminder %s', (_name, due, notBefore, expected) => {
    expect(local(outsideQuiet(at(due), at(notBefore), 'America/Toronto', night), 'America/Toronto')).toBe(expected)
  })

  it('an SMS is never put where it is quiet', () => {
    const quarter = fc.integer({ min: 0, max: 95 }).map((quarters) => Temporal.PlainTime.from('00:00').add({ minutes: 15 * quarters }))
    const second = fc.integer({ min: 0, max: 366 * 24 * 3600 }).map((seconds) => at('2026-01-01T00:00Z').add({ seconds }))
    fc.assert(
      fc.property(second, second, fc.constantFrom(...zones), quarter, quarter, (due, notBefore, zone, from, until) => {
        const moved = outsideQuiet(due, notBefore, zone, { from, until })
        expect(quietAt(moved, zone, { from, until })).toBeUndefined()
        if (Temporal.Instant.compare(notBefore, due) <= 0) expect(Temporal.Instant.compare(moved, notBefore)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('section 7: a change, cancellation or correction by SMS', () => {
  const rows: readonly (readonly [string, string, string | undefined, string])[] = [
    ['by day: now', '2026-11-26T14:00-05:00', '2026-11-26T15:00-05:00', 'now'],
    ['at night, for the afternoon: in the morning', '2026-11-26T21:30-05:00', '2026-11-27T14:00-05:00', '2026-11-27T08:00-05:00'],
    [
      'starts exactly 3 h after the end of the night: in the morning',
      '2026-11-26T21:30-05:00',
      '2026-11-27T11:00-05:00',
      '2026-11-27T08:00-05:00',
    ],
    ['starts a minute sooner: now', '2026-11-26T21:30-05:00', '2026-11-27T10:59-05:00', 'now'],
    ['starts in the night itself: now', '2026-11-26T21:10-05:00', '2026-11-26T23:00-05:00', 'now'],
    ['urgent at 22:29: now', '2026-11-26T22:29-05:00', '2026-11-27T09:00-05:00', 'now'],
    ['urgent at 22:30: somebody must call', '2026-11-26T22:30-05:00', '2026-11-27T09:00-05:00', 'call'],
    ['urgent at 03:00: somebody must call', '2026-11-27T03:00-05:00', '2026-11-27T09:00-05:00', 'call'],
    ['urgent at 05:59: somebody must call', '2026-11-27T05:59-05:00', '2026-11-27T09:00-05:00', 'call'],
    ['urgent at 06:00: now', '2026-11-27T06:00-05:00', '2026-11-27T09:00-05:00', 'now'],
    ['at night, of no known start: in the morning', '2026-11-26T23:00-05:00', undefined, '2026-11-27T08:00-05:00'],
  ]
  it.each(rows)('%s', (_name, now, start, expected) => {
    const time = noticeTime(at(now), start === undefined ? undefined : at(start), 'America/Toronto', night)
    expect(time.kind === 'later' ? local(time.at, 'America/Toronto') : time.kind).toBe(expected)
  })
})
