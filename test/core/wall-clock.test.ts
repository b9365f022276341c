import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { instantOf, isSteady, toIsoText, wallClockAt } from '../../src/core/wall-clock.ts'

const zones = [
  'America/Toronto',
  'America/St_Johns',
  'Europe/Paris',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Antarctica/Troll',
  'America/Sao_Paulo',
  'UTC',
  '-03:30',
]

const zone = fc.constantFrom(...zones)
const from = Temporal.Instant.from('1965-01-01T00:00:00Z').epochMilliseconds
const until = Temporal.Instant.from('2060-01-01T00:00:00Z').epochMilliseconds
const instant = fc.integer({ min: from, max: until }).map((ms) => Temporal.Instant.fromEpochMilliseconds(ms))

/** Close to a change of the zone's clocks, where arithmetic would go wrong first. */
const nearChange = fc.tuple(zone, instant, fc.integer({ min: -200_000_000, max: 200_000_000 })).map(([name, at, shift]) => {
  const change = at.toZonedDateTimeISO(name).getTimeZoneTransition('next')?.toInstant() ?? at
  return { name, at: change.add({ milliseconds: shift }) }
})
const anywhere = fc.tuple(zone, instant).map(([name, at]) => ({ name, at }))
const moments = fc.oneof(nearChange, anywhere)

describe('section 7: what the clocks of a zone show, by arithmetic', () => {
  it('is what Temporal says, before, at and after each change of the clocks', () => {
    fc.assert(
      fc.property(moments, ({ name, at }) => {
        const local = at.toZonedDateTimeISO(name)
        const { year, month, day, dayOfWeek, hour, minute } = local
        expect(wallClockAt(at, name)).toMatchObject({ year, month, day, dayOfWeek, hour, minute })
      }),
      { numRuns: 3000 },
    )
  })

  it.each(['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'])('at the very instant of a change, and a millisecond before it: %s', (at) => {
    const change = Temporal.Instant.from(at)
    for (const each of [change, change.subtract({ milliseconds: 1 }), change])
      expect(wallClockAt(each, 'America/Toronto').hour).toBe(each.toZonedDateTimeISO('America/Toronto').hour)
  })

  it('a day by its number', () => {
    expect(wallClockAt(Temporal.Instant.from('1970-01-01T00:00:00Z'), 'UTC')).toMatchObject({ dayNumber: 0, dayOfWeek: 4, msOfDay: 0 })
    expect(wallClockAt(Temporal.Instant.from('1969-12-31T23:59:00Z'), 'UTC')).toMatchObject({ dayNumber: -1, dayOfWeek: 3 })
  })

  it('a wall time is the instant Temporal says: in a gap the later one, in an overlap the first', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 1439 }), ({ name, at }, minuteOfDay) => {
        const time = new Temporal.PlainTime(Math.floor(minuteOfDay / 60), minuteOfDay % 60)
        const day = at.toZonedDateTimeISO(name).toPlainDate()
        const expected = day.toZonedDateTime({ timeZone: name, plainTime: time }).toInstant()
        expect(instantOf(wallClockAt(at, name).dayNumber, time, name).equals(expected)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('an instant as text is what Temporal writes', () => {
    const precise = fc.tuple(instant, fc.integer({ min: 0, max: 999_999 })).map(([at, nanoseconds]) => at.add({ nanoseconds }))
    const whole = instant.map((at) => Temporal.Instant.fromEpochMilliseconds(Math.floor(at.epochMilliseconds / 1000) * 1000))
    fc.assert(
      fc.property(fc.oneof(instant, precise, whole), (at) => {
        expect(toIsoText(at)).toBe(at.toString())
      }),
    )
    for (const at of ['0999-12-31T23:59:59Z', '+012026-01-01T00:00:00Z', '-000001-01-01T00:00:00Z'])
      expect(toIsoText(Temporal.Instant.from(at))).toBe(Temporal.Instant.from(at).toString())
  })

  it('a zone without changes is always steady, another is not for two days around each', () => {
    expect(isSteady(Temporal.Instant.from('2026-03-08T07:00:00Z'), 'UTC')).toBe(true)
    expect(isSteady(Temporal.Instant.from('2026-03-06T08:00:00Z'), 'America/Toronto')).toBe(false)
    expect(isSteady(Temporal.Instant.from('2026-03-05T08:00:00Z'), 'America/Toronto')).toBe(true)
  })

  it('a zone there is none of is refused', () => {
    expect(() => wallClockAt(Temporal.Instant.from('2026-03-08T07:00:00Z'), 'Mars/Olympus')).toThrow()
  })
})
