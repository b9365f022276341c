import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Cadence, CadenceStep, StepTime } from '../../src/core/cadence.ts'
import { ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { Notification } from '../../src/core/notification.ts'
import type { PlanInput } from '../../src/core/plan.ts'
import { plan } from '../../src/core/plan.ts'
import type { Told } from '../../src/core/told.ts'
import { factsOf } from '../../src/core/told.ts'
import { bookedChange, clinicSettings, email, mobile, start } from '../support/clinic.ts'
import { anAppointment, aPatient } from '../support/screens.ts'
import { story } from '../support/story.ts'

const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }
const movedTo = (hours: number): Partial<AppointmentChange> => ({
  time: { start: start.add({ hours }), end: start.add({ hours }).add({ minutes: 30 }) },
})

function step(when: StepTime, overrides: Partial<CadenceStep> = {}): CadenceStep {
  return {
    name: 'S',
    kind: 'reminder',
    when,
    channels: ['email', 'sms'],
    quietHours: 'shift',
    notAfter: Temporal.Duration.from('PT1H'),
    ...overrides,
  }
}

const cadenceOf = (...steps: readonly CadenceStep[]): Cadence => ({ ...ofys, steps })

const input: PlanInput = {
  appointment: anAppointment(),
  patient: { ...aPatient, contacts: [mobile, email] },
  settings: clinicSettings(),
  existing: [],
  changed: [],
  cancelling: false,
  cause: 'ehr',
  optedOut: new Set(),
  cancelDebounce: Temporal.Duration.from('PT0S'),
  now: start.subtract({ hours: 24 * 6 }),
}
const told: Told = { facts: factsOf(input.appointment), version: 1, by: 'confirmation:notice:0', at: input.now }

const due = (notifications: readonly Notification[]) => notifications.map(({ kind, channel, dueAt }) => `${kind} ${channel} ${dueAt}`)

describe('O15, section 7: the cadence’s steps', () => {
  it('36 h before, by each channel of the step', () => {
    expect(due(plan({ ...input, told }).save)).toEqual(['previsit email 2026-11-25T02:40:00Z', 'previsit sms 2026-11-25T02:40:00Z'])
  })

  it('in quiet hours the SMS goes before them, the e-mail on time', () => {
    const settings = clinicSettings({ quietHours: night })
    expect(due(plan({ ...input, settings, told }).save)).toEqual([
      'previsit email 2026-11-25T02:40:00Z',
      'previsit sms 2026-11-25T01:59:00Z',
    ])
  })

  it('in the zone of the agenda, which the clinic knows better than the EHR', () => {
    const { moreau } = clinicSettings().agendas
    if (!moreau) throw new Error('no agenda')
    const settings = clinicSettings({
      agendas: { moreau: { ...moreau, zone: 'America/Vancouver' } },
      cadence: cadenceOf(step({ daysBefore: 1, at: Temporal.PlainTime.from('13:00') }, { channels: ['email'] })),
    })
    expect(due(plan({ ...input, settings, told }).save)).toEqual(['reminder email 2026-11-25T21:00:00Z'])
  })

  it.each([
    [
      'booked 36 h and a minute before: a previsit',
      36 * 60 + 1,
      ['confirmation email', 'confirmation sms', 'previsit email', 'previsit sms'],
    ],
    ['booked exactly 36 h before: in the confirmation', 36 * 60, ['confirmation email', 'confirmation sms']],
    ['booked an hour before: in the confirmation', 60, ['confirmation email', 'confirmation sms']],
    ['booked when it has begun: nothing', 0, []],
  ])('O15: %s', (_name, minutesBefore, expected) => {
    const now = start.subtract({ minutes: minutesBefore })
    expect(plan({ ...input, now }).save.map(({ kind, channel }) => `${kind} ${channel}`)).toEqual(expected)
  })

  it('a step that would fall past its own notAfter is none', () => {
    const settings = clinicSettings({ cadence: cadenceOf(step({ daysBefore: 0, at: Temporal.PlainTime.from('13:00') })) })
    expect(plan({ ...input, settings, told }).save).toEqual([])
  })

  it('R10: an SMS that the morning would bring too late is looked at while it still could go, and expires', () => {
    const settings = clinicSettings({ quietHours: night, cadence: cadenceOf(step({ before: Temporal.Duration.from('PT3H') })) })
    const early = { ...bookedChange({ time: { start: Temporal.Instant.from('2026-11-21T12:30:00Z') } }) }
    const heard = story({ settings, now: '2026-11-21T03:00:00Z' }).load(early)
    const sms = heard.notifications().find(({ channel }) => channel === 'sms')
    expect(sms?.dueAt.toString()).toBe('2026-11-21T11:30:00Z')
    expect(heard.until('2026-11-21T12:30:00Z').outcomes()).toEqual({ 'reminder email': 'sent', 'reminder sms': 'expired: quiet_hours' })
  })

  it('nothing is planned for an appointment without a patient', () => {
    const { patientId: _patientId, ...unnamed } = anAppointment({ holds: ['H-NO-PATIENT'] })
    expect(plan({ ...input, appointment: unnamed }).save).toEqual([])
  })

  it('whatever the cadence, a scheduled time never leaves [booking, start]', () => {
    const when: fc.Arbitrary<StepTime> = fc.oneof(
      fc.integer({ min: 1, max: 200 }).map((hours) => ({ before: Temporal.Duration.from({ hours }) })),
      fc.record({
        daysBefore: fc.integer({ min: 0, max: 8 }),
        at: fc.integer({ min: 0, max: 23 }).map((hour) => Temporal.PlainTime.from({ hour })),
      }),
    )
    fc.assert(
      fc.property(
        when,
        fc.integer({ min: 1, max: 60 * 24 * 9 }),
        fc.integer({ min: 0, max: 60 * 24 * 365 }),
        fc.constantFrom('Europe/Paris', 'America/Toronto', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        fc.boolean(),
        (time, minutesBefore, shift, zone, quiet) => {
          const starts = start.add({ minutes: shift })
          const now = starts.subtract({ minutes: minutesBefore })
          const settings = clinicSettings({ cadence: cadenceOf(step(time)), ...(quiet && { quietHours: night }) })
          const agenda = { key: 'moreau' }
          const { siteId: _siteId, ...moreau } = settings.agendas.moreau ?? { live: true, switches: never() }
          const { save } = plan({
            ...input,
            appointment: anAppointment({ start: starts, agenda, zone }),
            settings: { ...settings, agendas: { moreau: { ...moreau, zone } } },
            told,
            cause: 'settings',
            now,
          })
          for (const { dueAt, notAfter } of save) {
            expect(Temporal.Instant.compare(dueAt, now)).toBeGreaterThanOrEqual(0)
            expect(Temporal.Instant.compare(dueAt, notAfter)).toBeLessThanOrEqual(0)
            expect(Temporal.Instant.compare(notAfter, starts)).toBeLessThanOrEqual(0)
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('law 2: what was planned before', () => {
  it('plans the same once: a replay meets its own notifications', () => {
    const first = plan(input)
    expect(plan({ ...input, existing: first.save, now: input.now.add({ minutes: 5 }) }).save).toEqual([])
  })

  it('ids name the appointment, the step and what it is about', () => {
    expect(plan(input).save.map(({ id }) => id)).toEqual([
      'tilleuls:A1:confirmation:notice:0:email:tilleuls:P1',
      'tilleuls:A1:confirmation:notice:0:sms:tilleuls:P1',
      'tilleuls:A1:previsit:PT36H:2026-11-26T14:40:00Z:email:tilleuls:P1',
      'tilleuls:A1:previsit:PT36H:2026-11-26T14:40:00Z:sms:tilleuls:P1',
    ])
  })

  it('a move withdraws the reminder of the old hour and plans the new one’s (MOD-11)', () => {
    const heard = story()
      .hear(bookedChange())
      .until('2026-11-20T12:30:00Z')
      .hear(bookedChange(movedTo(24), 40))
    const emails = heard.notifications().filter(({ kind, channel }) => kind === 'previsit' && channel === 'email')
    expect(emails.map(({ state, reason, dueAt }) => [state, reason, dueAt.toString()])).toEqual([
      ['withdrawn', 'superseded', '2026-11-25T02:40:00Z'],
      ['planned', undefined, '2026-11-26T02:40:00Z'],
    ])
  })

  it('moved back, the first reminder is planned again, once', () => {
    const heard = story()
      .hear(bookedChange())
      .hear(bookedChange(movedTo(24), 1))
      .hear(bookedChange({}, 2))
      .until('2026-11-26T20:00:00Z')
    expect(heard.sent().filter((each) => each.startsWith('previsit'))).toEqual(['previsit email', 'previsit sms'])
  })

  it('a reminder that was sent is not sent again after a move and back', () => {
    const heard = story().load(bookedChange()).until('2026-11-25T03:00:00Z')
    heard
      .hear(bookedChange(movedTo(48), 6_700))
      .until('2026-11-25T04:00:00Z')
      .hear(bookedChange({}, 6_800))
      .until('2026-11-26T20:00:00Z')
    expect(heard.sent()).toEqual(['previsit email', 'previsit sms', 'change email', 'change sms', 'change email', 'change sms'])
  })

  const previsits = plan({ ...input, told }).save
  const [byEmail] = previsits
  it.each([
    [
      'the settings move the step',
      {
        settings: clinicSettings({
          cadence: cadenceOf(step({ before: Temporal.Duration.from('PT40H') }, { name: 'PT36H', kind: 'previsit' })),
        }),
      },
      '2026-11-24T22:40:00Z',
    ],
    [
      'a provider put it off',
      { existing: previsits.map((each) => ({ ...each, attempts: 1, dueAt: each.dueAt.add({ minutes: 5 }) })) },
      '2026-11-25T02:45:00Z',
    ],
    [
      'its hour has passed, and it was put off to the morning',
      { existing: previsits.map((each) => ({ ...each, dueAt: each.dueAt.add({ hours: 10 }) })), now: start.subtract({ hours: 30 }) },
      '2026-11-25T12:40:00Z',
    ],
  ] satisfies [string, Partial<PlanInput>, string][])('section 7: %s', (_name, overrides, dueAt) => {
    const existing = [...('existing' in overrides ? (overrides.existing ?? []) : previsits)]
    const planned = new Map(existing.map((each) => [each.id, each]))
    for (const each of plan({ ...input, told, ...overrides, existing }).save) planned.set(each.id, each)
    expect(planned.get(byEmail?.id ?? '')?.dueAt.toString()).toBe(dueAt)
  })

  it('R10: what nobody looked at before the start has expired, and is not withdrawn', () => {
    const { save } = plan({ ...input, told, existing: previsits, now: start.add({ minutes: 1 }) })
    expect(save.map(({ state, reason }) => [state, reason])).toEqual([
      ['expired', 'not_after'],
      ['expired', 'not_after'],
    ])
  })

  it('O6: what a person wrote is nobody else’s to withdraw', () => {
    const byHand: Notification = { ...(byEmail ?? never()), id: 'manual', kind: 'manual', step: 'manual' }
    expect(
      plan({ ...input, told, existing: [...previsits, byHand], appointment: anAppointment({ status: 'cancelled' }) }).save.map(
        ({ kind }) => kind,
      ),
    ).not.toContain('manual')
  })

  it('D9: the decision shown is the one of the settings that hold', () => {
    const before = plan(input).save
    const after = plan({ ...input, existing: before, settings: clinicSettings({ version: 2, smsActivated: false }), cause: 'settings' })
    expect(after.save.map(({ channel, state, reason, decision }) => [channel, state, reason, decision?.settingsVersion])).toEqual([
      ['email', 'planned', undefined, 2],
      ['sms', 'parked', 'sms_not_activated', 2],
      ['email', 'planned', undefined, 2],
      ['sms', 'parked', 'sms_not_activated', 2],
    ])
  })
})

describe('O8: when a notice goes', () => {
  const off = anAppointment({ status: 'cancelled' })
  const minutes = (count: number) => Temporal.Duration.from({ minutes: count })
  it.each([
    [
      'a change: after the grace',
      { appointment: anAppointment({ start: start.add({ hours: 1 }) }), settings: clinicSettings({ grace: minutes(10) }) },
      10,
    ],
    ['a cancellation: after the grace', { appointment: off, settings: clinicSettings({ grace: minutes(10) }) }, 10],
    [
      'a cancellation: after the EHR’s rebooking, if that is longer',
      { appointment: off, settings: clinicSettings({ grace: minutes(1) }), cancelDebounce: minutes(5) },
      5,
    ],
    [
      'a cancellation 24 h before: at once',
      {
        appointment: off,
        settings: clinicSettings({ grace: minutes(10) }),
        cancelDebounce: minutes(5),
        now: start.subtract({ hours: 24 }),
      },
      0,
    ],
    [
      'a cancellation a minute sooner: it waits',
      { appointment: off, cancelDebounce: minutes(5), now: start.subtract({ hours: 24, minutes: 1 }) },
      5,
    ],
  ] satisfies [string, Partial<PlanInput>, number][])('%s', (_name, overrides, wait) => {
    const asked = { ...input, told, ...overrides }
    const [notice] = plan(asked).save
    expect(notice?.dueAt.since(asked.now).total('minutes')).toBe(wait)
  })

  it('section 7: a move that has become urgent does not wait for the morning', () => {
    const onlySms = { patient: { ehrId: 'P1', contacts: [mobile] } }
    const settings = clinicSettings({ quietHours: night })
    const heard = story({ settings, now: '2026-11-26T02:30:00Z' }).load(bookedChange(onlySms))
    heard.hear(bookedChange({ ...movedTo(6), ...onlySms }, 8_000)).until('2026-11-26T11:10:00Z')
    expect(heard.sent()).toEqual([])
    heard.hear(bookedChange({ ...movedTo(-1), ...onlySms }, 8_600)).until('2026-11-26T11:10:00Z')
    expect(heard.sent()).toEqual(['change sms'])
  })

  it('a cancellation that names no hour is worth sending until the hour the patient was told', () => {
    const { start: _start, ...timeless } = off
    expect(plan({ ...input, told, appointment: timeless }).save.map(({ kind, notAfter }) => [kind, notAfter.equals(start)])).toEqual([
      ['cancellation', true],
      ['cancellation', true],
    ])
    expect(plan({ ...input, told, appointment: timeless, now: start }).save).toEqual([])
  })

  it.each(['settings', 'import'] as const)('Told: %s: no notice, though what was told is not what is true', (cause) => {
    const appointment = anAppointment({ start: start.add({ hours: 1 }), status: 'pending' })
    expect(plan({ ...input, told, appointment, cause }).save.map(({ kind }) => kind)).toEqual(['previsit', 'previsit'])
  })

  it('the same change heard again does not make it later', () => {
    const settings = clinicSettings({ grace: minutes(10) })
    const heard = story({ settings })
      .load(bookedChange())
      .hear(bookedChange(movedTo(1), 1))
      .until('2026-11-20T12:08:00Z')
    heard.hear(bookedChange(movedTo(2), 8)).until('2026-11-20T12:10:00Z')
    expect(heard.sent()).toEqual(['change email', 'change sms'])
  })
})

function never(): never {
  throw new Error('the test has lost its own invention')
}

describe('what is due is not lost to a replan', () => {
  const evening = Temporal.Instant.from('2026-11-25T01:59:30Z')

  it('section 7: a text moved to 20:59 for quiet hours keeps that hour when the EHR speaks before it was looked at', () => {
    const settings = clinicSettings({
      quietHours: night,
      cadence: cadenceOf(step({ before: Temporal.Duration.from('PT36H') }, { channels: ['sms'] })),
    })
    const planned = plan({ ...input, settings, told, now: Temporal.Instant.from('2026-11-24T12:00:00Z') }).save
    expect(due(planned)).toEqual(['reminder sms 2026-11-25T01:59:00Z'])
    const again = plan({ ...input, settings, told, existing: planned, changed: ['location'], now: evening }).save
    expect(again.filter(({ kind }) => kind === 'reminder')).toEqual([])
  })

  it('O8: a change less than the grace before the start is told at once', () => {
    const now = start.subtract({ minutes: 3 })
    const settings = clinicSettings({ grace: Temporal.Duration.from('PT5M') })
    const elsewhere = { ...told, facts: { ...told.facts, place: 'annexe' } }
    const changes = plan({ ...input, settings, told: elsewhere, now }).save.filter(({ kind }) => kind === 'change')
    expect(changes.map(({ dueAt }) => dueAt.toString())).toEqual([now.toString(), now.toString()])
  })
})
