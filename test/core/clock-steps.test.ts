import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Notification } from '../../src/core/notification.ts'
import { isPending } from '../../src/core/notification.ts'
import { bookedChange, clinicSettings } from '../support/clinic.ts'
import { story } from '../support/story.ts'

/** Booked on 20 November at noon for the 26th at 14:40 (UTC); the reminder of 36 h before is due on the 25th at 02:40. */
const booked = () => story().hear(bookedChange())
const { compare } = Temporal.Instant
const reminders = ['previsit email', 'previsit sms']
const sentReminders = (told: ReturnType<typeof story>) => told.sent().filter((each) => each.startsWith('previsit'))

describe('R14: a clock step neither repeats nor brings forward', () => {
  it.each([
    ['back 2 h after the reminder has left', '2026-11-25T02:41:00Z', '2026-11-25T00:41:00Z', '2026-11-25T02:39:00Z', reminders],
    ['back 2 h, and the hour comes a second time', '2026-11-25T02:41:00Z', '2026-11-25T00:41:00Z', '2026-11-25T06:00:00Z', reminders],
    ['back 2 h just before it is due: it waits', '2026-11-25T02:39:00Z', '2026-11-25T00:39:00Z', '2026-11-25T02:39:59Z', []],
    [
      'back 2 h just before it is due: it leaves when the clock says so',
      '2026-11-25T02:39:00Z',
      '2026-11-25T00:39:00Z',
      '2026-11-25T02:40:00Z',
      reminders,
    ],
    ['on by 1 h, not as far as that: nothing', '2026-11-25T01:30:00Z', '2026-11-25T02:30:00Z', '2026-11-25T02:39:59Z', []],
    ['on by 1 h, past it: once, at once', '2026-11-25T02:00:00Z', '2026-11-25T03:00:00Z', '2026-11-25T03:00:00Z', reminders],
    ['on by 1 h, past it, and time goes on: still once', '2026-11-25T02:00:00Z', '2026-11-25T03:00:00Z', '2026-11-26T14:40:00Z', reminders],
    ['on by 40 days: nothing', '2026-11-24T12:00:00Z', '2027-01-03T12:00:00Z', '2027-01-04T12:00:00Z', []],
    ['on past the last hour it is worth sending: nothing', '2026-11-25T02:00:00Z', '2026-11-26T13:40:01Z', '2026-11-26T14:40:00Z', []],
    ['on by 40 days after it has left, and back: once', '2026-11-25T12:00:00Z', '2027-01-04T12:00:00Z', '2027-01-05T12:00:00Z', reminders],
  ] as const)('%s', (_name, before, after, then, expected) => {
    const told = booked().until(before).setClock(after).until(then)
    expect(sentReminders(told)).toEqual(expected)
  })

  it('what a leap of 40 days leaves behind has expired, each with its reason, and nothing is due', () => {
    const told = booked().until('2026-11-24T12:00:00Z').setClock('2027-01-03T12:00:00Z').until('2027-01-03T12:00:00Z')
    expect(told.outcomes()).toEqual({
      'confirmation email': 'sent',
      'confirmation sms': 'sent',
      'previsit email': 'expired: appointment_past',
      'previsit sms': 'expired: not_after',
    })
    expect(told.notifications().filter(isPending)).toEqual([])
  })

  it('a text that a step of 1 h puts into the night waits for the morning, once', () => {
    const quietHours = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }
    const told = story({ settings: clinicSettings({ quietHours }) })
      .hear(bookedChange())
      // 20:30 in Toronto; the text is due at 20:59, before the night in which the 36 h fall
      .until('2026-11-25T01:30:00Z')
      .setClock('2026-11-25T02:30:00Z')
      .until('2026-11-25T12:59:59Z')
    expect(sentReminders(told)).toEqual(['previsit email'])
    expect(sentReminders(told.until('2026-11-26T14:40:00Z'))).toEqual(['previsit email', 'previsit sms'])
  })

  it('of 200 appointments on the coming days, a leap of 40 days sends only those still worth it', () => {
    const now = Temporal.Instant.from('2026-11-20T12:00:00Z')
    const late = now.add({ hours: 40 * 24 })
    const outcomes = Array.from({ length: 200 }, (_, index) => {
      const start = now.add({ hours: 48 + 6 * index })
      const told = story({ now: now.toString() })
        .hear(bookedChange({ time: { start } }))
        .until(now.toString())
      told.setClock(late.toString()).until(late.toString())
      return { hoursAhead: start.since(late).total('hours'), sent: sentReminders(told).length }
    })
    for (const { hoursAhead, sent } of outcomes) expect(sent).toBe(hoursAhead >= 1 && hoursAhead <= 36 ? 2 : 0)
    expect(outcomes.filter(({ sent }) => sent > 0)).toHaveLength(6)
  })

  it('whatever the steps, and whatever the EHR repeats in between, each is sent once at most, not before it is due and not after it is worth it', () => {
    const event = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 36 * 60 }).map((minutes) => ({ kind: 'wait' as const, minutes })) },
      { weight: 2, arbitrary: fc.constantFrom(-120, 60, 40 * 1440, -40 * 1440).map((minutes) => ({ kind: 'step' as const, minutes })) },
      fc.constant({ kind: 'repeat' as const, minutes: 0 }),
      fc.integer({ min: 1, max: 20 }).map((minutes) => ({ kind: 'move' as const, minutes })),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        let now = Temporal.Instant.from('2026-11-20T12:00:00Z')
        let last = bookedChange()
        const told = story({ now: now.toString() }).hear(last)
        for (const [index, { kind, minutes }] of events.entries()) {
          now = now.add({ minutes: kind === 'wait' || kind === 'step' ? minutes : 0 })
          if (kind === 'step') told.setClock(now.toString())
          if (kind === 'move') last = bookedChange({ time: { start: start(minutes) } }, index + 1)
          if (kind === 'move' || kind === 'repeat') told.hear(last)
          told.until(now.toString())
        }
        const sent = told.notifications().filter(({ state }) => state === 'sent')
        expect(told.sent()).toHaveLength(sent.length)
        expect(sent.filter((each) => !isInTime(each))).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })
})

const start = (day: number) => Temporal.Instant.from('2026-11-22T14:40:00Z').add({ hours: 24 * day })

/** Sent when the clock had reached its hour, and while it was worth sending. */
function isInTime({ changedAt, dueAt, notAfter }: Notification): boolean {
  return compare(changedAt, dueAt) >= 0 && compare(changedAt, notAfter) <= 0
}
