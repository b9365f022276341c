import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { parseTimestamp, placeTimestamp } from '../../src/connectors/hl7v2/timestamp.ts'
import type { Cadence, StepTime } from '../../src/core/cadence.ts'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { Settings } from '../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings, night } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const toronto = 'America/Toronto'
/** `2026-11-26T09:40`, on the clocks of that zone. */
const at = (wall: string, zone = toronto) => Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).toInstant()

interface Scene {
  readonly booked?: string
  readonly starts: string
  readonly zone?: string
  readonly settings?: Partial<Settings>
  readonly later?: readonly [string, Partial<AppointmentChange>]
}

/** What leaves when by the clocks of the place, in its order; what does not, with its reason. */
function told({ booked = '2026-11-02T10:00', starts, zone = toronto, settings = {}, later }: Scene) {
  const clinic = clinicSettings({ quietHours: night, ...settings })
  const teller = story({ settings: clinic, now: at(booked, zone).toString() })
  teller.hear(bookedChange({ stamp: { at: at(booked, zone) }, time: { start: at(starts, zone) }, zone }))
  if (later) {
    const [wall, change] = later
    const now = at(wall, zone)
    teller.until(now.toString()).hear(bookedChange({ stamp: { at: now }, time: { start: at(starts, zone) }, zone, ...change }))
  }
  teller.until(at(starts, zone).add({ hours: 1 }).toString())
  return teller
    .notifications()
    .filter(({ kind, state }) => kind !== 'confirmation' && state !== 'withdrawn')
    .sort((a, b) => Temporal.Instant.compare(a.changedAt, b.changedAt))
    .map(({ kind, channel, state, reason, changedAt }) => {
      const wall = changedAt.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
      return state === 'sent' ? `${kind} ${channel} ${wall}` : `${kind} ${channel} ${state}: ${reason}`
    })
}

const cadence = (when: StepTime): Cadence => ({ ...ofys, steps: ofys.steps.map((step) => ({ ...step, when })) })
const dayBefore = (wall: string) => cadence({ daysBefore: 1, at: Temporal.PlainTime.from(wall) })
const cancelled: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'cancelled' } }

describe('section 7, zones: whose clock it is', () => {
  const vancouver = { main: { name: 'Site', zone: 'America/Vancouver', patientMayCancel: true, patientMayArrive: true } }

  it('section 7, zones: an hour without an offset is read in the zone of its connector', () => {
    const hour = parseTimestamp('202611260940')
    const read = (zone: string) => hour && placeTimestamp(hour, zone).at.toString()
    expect([read(toronto), read('Europe/Paris')]).toEqual(['2026-11-26T14:40:00Z', '2026-11-26T08:40:00Z'])
  })

  it.each<readonly [string, Partial<Settings>, string]>([
    ['the connector’s, where nothing else is set', {}, '2026-11-24T18:00:00Z'],
    ['the site’s before the connector’s', { sites: vancouver }, '2026-11-24T21:00:00Z'],
    [
      'the agenda’s before the site’s',
      { sites: vancouver, agendas: { moreau: { ...agendaSettings(), zone: 'Europe/Paris' } } },
      '2026-11-24T12:00:00Z',
    ],
  ])('section 7, zones: 13:00 is by the clock of the place: %s', (_, settings, due) => {
    const teller = story({ settings: clinicSettings({ cadence: doctolib, ...settings }), now: '2026-11-02T15:00:00Z' })
    teller.hear(bookedChange({ stamp: { at: Temporal.Instant.from('2026-11-02T15:00:00Z') } }))
    expect(
      teller
        .notifications()
        .find(({ step }) => step === 'D2T1300')
        ?.dueAt.toString(),
    ).toBe(due)
  })
})

describe('section 7, elapsed and wall time', () => {
  it.each([
    ['over the night that loses an hour', '2026-03-08T20:00', '2026-03-07T07:00'],
    ['over the night that gains one', '2026-11-01T20:00', '2026-10-31T09:00'],
  ])('section 7, elapsed: 36 h before is 36 hours, %s', (_, starts, due) => {
    expect(told({ booked: '2026-02-01T10:00', starts })).toContain(`previsit email ${due}`)
  })

  it.each([
    ['the day before at 13:00 is 13:00, into summer time', '13:00', '2026-03-08T15:00', '2026-03-07T13:00'],
    ['the day before at 13:00 is 13:00, into winter time', '13:00', '2026-11-01T15:00', '2026-10-31T13:00'],
    ['an hour that is skipped: the later instant', '02:30', '2026-03-09T15:00', '2026-03-08T03:30'],
  ])('section 7, wall time: %s', (_, wall, starts, due) => {
    expect(told({ booked: '2026-02-01T10:00', starts, settings: { cadence: dayBefore(wall) } })).toContain(`previsit email ${due}`)
  })

  it('section 7, wall time: an hour that comes twice: the first', () => {
    const teller = story({ settings: clinicSettings({ cadence: dayBefore('01:30') }), now: '2026-10-01T12:00:00Z' })
    teller.hear(bookedChange({ stamp: { at: at('2026-10-01T08:00') }, time: { start: at('2026-11-02T15:00') } }))
    const due = teller.notifications().find(({ kind }) => kind === 'previsit')?.dueAt
    expect(due?.toString({ timeZone: toronto })).toBe('2026-11-01T01:30:00-04:00')
  })
})

describe('section 7, quiet hours', () => {
  it('section 7, quiet hours: bind the text, not the e-mail; a reminder moves before them', () => {
    expect(told({ starts: '2026-11-26T09:40' })).toEqual(['previsit sms 2026-11-24T20:59', 'previsit email 2026-11-24T21:40'])
  })

  it('section 7, quiet hours: booked inside them, it moves after', () => {
    expect(told({ booked: '2026-11-24T21:10', starts: '2026-11-26T09:40' })).toEqual([
      'previsit email 2026-11-24T21:40',
      'previsit sms 2026-11-25T08:00',
    ])
  })

  it('section 7, quiet hours: it expires where the morning is too late', () => {
    const settings = { cadence: cadence({ before: Temporal.Duration.from({ hours: 3 }) }) }
    expect(told({ booked: '2026-11-25T22:00', starts: '2026-11-26T07:30', settings })).toContain('previsit sms expired: quiet_hours')
  })

  it('section 7, quiet hours: what the patient just booked online is confirmed at once', () => {
    const confirmed = (origin: 'patient_online' | 'staff') =>
      story({ settings: clinicSettings({ quietHours: night }), now: at('2026-11-20T22:00').toString() })
        .hear(bookedChange({ origin, stamp: { at: at('2026-11-20T22:00') } }))
        .until(at('2026-11-20T22:05').toString())
        .sent()
    expect(confirmed('patient_online')).toEqual(['confirmation email', 'confirmation sms'])
    expect(confirmed('staff')).toEqual(['confirmation email'])
  })
})

describe('section 7, urgent notices', () => {
  it.each([
    ['at 22:29: the text at once', '2026-11-25T22:29', 'cancellation sms 2026-11-25T22:29'],
    ['at 22:30: somebody must call', '2026-11-25T22:30', 'cancellation sms suppressed: to_call'],
    ['at 05:59: somebody must call', '2026-11-26T05:59', 'cancellation sms suppressed: to_call'],
    ['at 06:00: the text at once', '2026-11-26T06:00', 'cancellation sms 2026-11-26T06:00'],
  ])('section 7, urgent notices: it begins at 9:40 and is called off %s, the e-mail at once', (_, when, text) => {
    const lines = told({ starts: '2026-11-26T09:40', later: [when, cancelled] }).filter((line) => line.startsWith('cancellation'))
    expect([...lines].sort()).toEqual([`cancellation email ${when}`, text])
  })

  it('section 7, urgent notices: one that begins 3 h after the night or later waits for the morning', () => {
    const lines = told({ starts: '2026-11-26T11:00', later: ['2026-11-25T22:00', cancelled] })
    expect(lines.filter((line) => line.startsWith('cancellation'))).toEqual([
      'cancellation email 2026-11-25T22:00',
      'cancellation sms 2026-11-26T08:00',
    ])
  })
})
