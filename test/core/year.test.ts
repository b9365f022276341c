import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Cadence, QuietHours } from '../../src/core/cadence.ts'
import { ofys } from '../../src/core/cadences.ts'
import { sayDay, saySmsHour } from '../../src/core/local-time.ts'
import type { Settings } from '../../src/core/settings.ts'
import { stepDueAt } from '../../src/core/timing.ts'
import { arriveWindow, cancelWindow, confirmWindow, windowState } from '../../src/core/window.ts'
import { bookedChange, clinicSettings } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const zones = [
  'Europe/Paris',
  'America/Toronto',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Phoenix',
  'UTC',
] as const

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const ms = (instant: Temporal.Instant) => instant.epochMilliseconds

/** What a clock on the wall shows, said by Intl and not by Temporal: `2026-03-29 09:00:00`. */
function wallClock(zone: string): (instant: Temporal.Instant | number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return (instant) => format.format(typeof instant === 'number' ? instant : ms(instant))
}

/** Nine o'clock of every day of 2026. */
function everyMorning(zone: string): readonly Temporal.Instant[] {
  const first = Temporal.PlainDateTime.from('2026-01-01T09:00')
  return Array.from({ length: 365 }, (_, day) => first.add({ days: day }).toZonedDateTime(zone).toInstant())
}

const noon = Temporal.Instant.from('2026-06-15T12:00Z')
const dayBefore = (day: string) => Temporal.PlainDate.from(day).subtract({ days: 1 }).toString()
const night: QuietHours = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }

const leads = [10, 20, 24, 30, 36, 50]
const often: Cadence = {
  ...ofys,
  steps: leads.map((hours) => ({
    name: String(hours),
    kind: 'reminder',
    when: { before: Temporal.Duration.from({ hours }) },
    channels: ['email', 'sms'],
    quietHours: 'shift',
    notAfter: Temporal.Duration.from({ hours: 1 }),
  })),
}

function inZone(zone: string, overrides: Partial<Settings> = {}): Settings {
  return clinicSettings({ clinic: { ...clinicSettings().clinic, zone }, ...overrides })
}

describe.each(zones)('R13: a year of appointments at nine in %s', (zone) => {
  const clock = wallClock(zone)
  const mornings = everyMorning(zone)

  it('each is at nine on the wall', () => {
    expect(new Set(mornings.map((start) => clock(start).slice(11)))).toEqual(new Set(['09:00:00']))
    expect(new Set(mornings.map((start) => clock(start).slice(0, 10))).size).toBe(365)
  })

  it('each is said to be at nine, on the day that Intl says', () => {
    const intl = new Intl.DateTimeFormat('fr-FR', { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long' })
    for (const start of mornings) {
      expect(saySmsHour(start, { zone, language: 'fr' })).toBe('9h')
      expect(sayDay(start, { zone, language: 'fr', now: noon })).toBe(intl.format(ms(start)).replace(' 1 ', ' 1er '))
    }
  })

  it('the pre-visit reminder is due 36 elapsed hours before, whatever the clocks do in between', () => {
    const before = { before: Temporal.Duration.from('PT36H') }
    expect(mornings.filter((start) => ms(start) - ms(stepDueAt(before, start, zone)) !== 36 * HOUR)).toEqual([])
  })

  it('the day before at one is at one on the wall of the day before', () => {
    const at = { daysBefore: 1, at: Temporal.PlainTime.from('13:00') }
    for (const start of mornings) expect(clock(stepDueAt(at, start, zone))).toBe(`${dayBefore(clock(start).slice(0, 10))} 13:00:00`)
  })

  it('the windows are elapsed time: 48 h, 24 h, 30 min', () => {
    for (const start of mornings) {
      const at = (before: number) => Temporal.Instant.fromEpochMilliseconds(ms(start) - before)
      expect(windowState(confirmWindow(start), at(48 * HOUR + SECOND))).toBe('before')
      expect(windowState(confirmWindow(start), at(48 * HOUR))).toBe('open')
      expect(windowState(confirmWindow(start), at(0))).toBe('after')
      expect(windowState(cancelWindow(start), at(24 * HOUR))).toBe('open')
      expect(windowState(cancelWindow(start), at(24 * HOUR - SECOND))).toBe('after')
      expect(windowState(arriveWindow(start), at(30 * MINUTE + SECOND))).toBe('before')
      expect(windowState(arriveWindow(start), at(30 * MINUTE))).toBe('open')
      expect(windowState(arriveWindow(start), at(-SECOND))).toBe('after')
    }
  })

  it('no text is planned between nine in the evening and eight in the morning, and e-mails are not moved for it', () => {
    for (const start of mornings) {
      const booked = start.subtract({ hours: 24 * 7 })
      const planned = story({ settings: inZone(zone, { quietHours: night, cadence: often }), now: booked.toString() })
        .hear(bookedChange({ time: { start } }))
        .notifications()
        .filter(({ kind }) => kind === 'reminder')
      expect(planned).toHaveLength(2 * leads.length)
      for (const { channel, step, dueAt } of planned) {
        const [, hour = ''] = clock(dueAt).split(' ')
        if (channel === 'sms') expect(hour >= '08:00:00' && hour < '21:00:00').toBe(true)
        else expect(ms(start) - ms(dueAt)).toBe(Number(step) * HOUR)
      }
    }
  })
})

/** Days of 2026 on which a clock change lies between the reminder and the appointment, so that nine o'clock minus 36 h is not nine in the evening. */
it.each([
  ['Europe/Paris', ['2026-03-29 20:00', '2026-03-30 20:00', '2026-10-25 22:00', '2026-10-26 22:00']],
  ['America/Toronto', ['2026-03-08 20:00', '2026-03-09 20:00', '2026-11-01 22:00', '2026-11-02 22:00']],
  ['America/St_Johns', ['2026-03-08 20:00', '2026-03-09 20:00', '2026-11-01 22:00', '2026-11-02 22:00']],
  ['Australia/Lord_Howe', ['2026-04-05 21:30', '2026-04-06 21:30', '2026-10-04 20:30', '2026-10-05 20:30']],
  ['Asia/Kathmandu', []],
  ['Pacific/Apia', []],
  ['America/Phoenix', []],
  ['UTC', []],
] as const)('the reminder of nine o’clock is not due at nine in the evening: %s', (zone, expected) => {
  const clock = wallClock(zone)
  const shifted = everyMorning(zone).flatMap((start) => {
    const hour = clock(stepDueAt({ before: Temporal.Duration.from('PT36H') }, start, zone)).slice(11, 16)
    return hour === '21:00' ? [] : [`${clock(start).slice(0, 10)} ${hour}`]
  })
  expect(shifted).toEqual(expected)
})

/** The hours of 2026 that do not exist, or come twice, on the day before: what is due then, with the offset that was taken. */
it.each([
  ['Europe/Paris', '02:30', ['2026-03-29 03:30 +2', '2026-10-25 02:30 +2']],
  ['Europe/Paris', '01:45', []],
  ['America/Toronto', '02:15', ['2026-03-08 03:15 -4']],
  ['America/Toronto', '01:45', ['2026-11-01 01:45 -4']],
  ['America/St_Johns', '02:30', ['2026-03-08 03:30 -2.5']],
  ['America/St_Johns', '01:45', ['2026-11-01 01:45 -2.5']],
  ['Australia/Lord_Howe', '02:15', ['2026-10-04 02:45 +11']],
  ['Australia/Lord_Howe', '01:45', ['2026-04-05 01:45 +11']],
  ['Africa/Casablanca', '02:30', ['2026-02-15 02:30 +1', '2026-03-22 03:30 +1']],
  ['Asia/Kathmandu', '02:30', []],
  ['Pacific/Apia', '02:30', []],
  ['America/Phoenix', '02:30', []],
  ['UTC', '02:30', []],
] as const)(
  'an hour that does not exist moves to the later instant, of one that comes twice the first is taken: %s, %s',
  (zone, time, expected) => {
    const clock = wallClock(zone)
    const when = { daysBefore: 1, at: Temporal.PlainTime.from(time) }
    // Casablanca's later changes are not the same in all zone data
    const mornings = everyMorning(zone).filter((_, day) => zone !== 'Africa/Casablanca' || day < 180)
    const odd = mornings.flatMap((start) => {
      const due = ms(stepDueAt(when, start, zone))
      const shown = clock(due)
      const offset = (Date.parse(`${shown.replace(' ', 'T')}Z`) - due) / HOUR
      const comesAgain = [HOUR, HOUR / 2].some((later) => clock(due + later) === shown)
      const cameBefore = [HOUR, HOUR / 2].some((sooner) => clock(due - sooner) === shown)
      expect(cameBefore).toBe(false)
      return comesAgain || shown.slice(11, 16) !== time ? [`${shown.slice(0, 16)} ${offset < 0 ? '' : '+'}${offset}`] : []
    })
    expect(odd).toEqual(expected)
  },
)
