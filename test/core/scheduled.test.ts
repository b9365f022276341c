import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Cadence, CadenceStep, QuietHours, StepTime } from '../../src/core/cadence.ts'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import { isNotice } from '../../src/core/kind.ts'
import type { Notification } from '../../src/core/notification.ts'
import { quietAt } from '../../src/core/timing.ts'
import { bookedChange, clinicSettings } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const zones = ['Europe/Paris', 'America/Toronto', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kathmandu', 'UTC']

const { compare } = Temporal.Instant
const minutes = (most: number) => fc.integer({ min: 0, max: most }).map((each) => Temporal.Duration.from({ minutes: each }))
const wallTime = fc.integer({ min: 0, max: 95 }).map((quarter) => Temporal.PlainTime.from('00:00').add({ minutes: 15 * quarter }))

const stepTime: fc.Arbitrary<StepTime> = fc.oneof(
  fc.record({ before: minutes(10 * 1440) }),
  fc.record({ afterBooking: minutes(3 * 1440) }),
  fc.record({ daysBefore: fc.integer({ min: 0, max: 9 }), at: wallTime }),
)

const step: fc.Arbitrary<CadenceStep> = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  kind: fc.constantFrom('reminder' as const, 'previsit' as const),
  when: stepTime,
  channels: fc.constant(['email', 'sms'] as const),
  quietHours: fc.constant('shift' as const),
  notAfter: minutes(180),
})

const cadence: fc.Arbitrary<Cadence> = fc.oneof(
  fc.constantFrom(ofys, doctolib),
  fc.uniqueArray(step, { maxLength: 3, selector: ({ name }) => name }).map((steps) => ({ ...ofys, steps })),
)

const quietHours = fc.oneof(
  fc.constant<QuietHours>({ from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }),
  fc.record({ from: wallTime, until: wallTime }),
)

/** Any minute of two years, or one of the ten days before a clock change of one of the zones. */
const booked = fc.oneof(
  fc.integer({ min: 0, max: 2 * 366 * 1440 }).map((each) => Temporal.Instant.from('2026-01-01T00:00Z').add({ minutes: each })),
  fc
    .tuple(
      fc.constantFrom('2026-03-22', '2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'),
      minutes(11 * 1440),
    )
    .map(([day, before]) => Temporal.Instant.from(`${day}T23:59Z`).subtract(before)),
)

const scene = fc.record({
  zone: fc.constantFrom(...zones),
  cadence,
  quietHours,
  booked,
  lead: fc.oneof(fc.integer({ min: 1, max: 3 * 1440 }), fc.integer({ min: 1, max: 60 * 1440 })),
})

describe('a scheduled message, whatever the cadence, the quiet hours and the zone', () => {
  it('is due, and sent, between the booking and the start, and no text while it is quiet', () => {
    fc.assert(
      fc.property(scene, ({ zone, cadence, quietHours, booked, lead }) => {
        const start = booked.add({ minutes: lead })
        const settings = clinicSettings({ clinic: { ...clinicSettings().clinic, zone }, cadence, quietHours })
        const told = story({ settings, now: booked.toString() }).hear(bookedChange({ time: { start } }))
        const isWithin = (at: Temporal.Instant) => compare(booked, at) <= 0 && compare(at, start) <= 0
        const isQuiet = (at: Temporal.Instant) => quietAt(at, zone, quietHours) !== undefined
        for (const { dueAt, notAfter, channel, kind } of told.notifications()) {
          expect(isWithin(dueAt)).toBe(true)
          // a text with no waking hour left before it is worthless keeps that hour, and expires in it
          if (channel === 'sms' && !isNotice(kind)) expect(isQuiet(dueAt) && !dueAt.equals(notAfter)).toBe(false)
        }
        const sent = told
          .until(start.add({ hours: 48 }).toString())
          .notifications()
          .filter(isSent)
        for (const { changedAt, channel, notAfter } of sent) {
          expect(isWithin(changedAt)).toBe(true)
          expect(compare(changedAt, notAfter)).toBeLessThanOrEqual(0)
          if (channel === 'sms') expect(isQuiet(changedAt)).toBe(false)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

/** Notices are not scheduled: they follow from what happened, and when they may break the quiet is told in gates.test.ts. */
function isSent({ state, kind }: Notification): boolean {
  return state === 'sent' && !isNotice(kind)
}
