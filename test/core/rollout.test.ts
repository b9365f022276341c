import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it, test } from 'vitest'
import { decide } from '../../src/core/decide.ts'
import { explain } from '../../src/core/explain.ts'
import { notYetLive, redirectOf, shareOf, standsFor } from '../../src/core/rollout.ts'
import { maskContact } from '../../src/core/rollout-mark.ts'
import type { Settings } from '../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings, night, start } from '../support/clinic.ts'
import { someInput } from '../support/decisions.ts'
import { anAppointment, aPatient } from '../support/screens.ts'
import { story } from '../support/story.ts'

const shadow = clinicSettings({ rollout: { mode: 'shadow', percent: 0 } })
const live = clinicSettings({ rollout: { mode: 'live', percent: 100 } })
const slow = (settings: Settings): Settings => ({ ...settings, grace: Temporal.Duration.from('PT10M') })
const moved = { time: { start: start.add({ hours: 2 }), end: start.add({ hours: 3 }) } }
const off = { status: { value: 'cancelled' as const } }
const soon = '2026-11-20T12:30:00Z'
const goLive = '2026-11-20T15:00:00Z'
const afterTheStart = '2026-11-26T20:00:00Z'
const reminders = ['previsit email', 'previsit sms']

describe('going live: what a patient hears of us, and what not (section 4, Told; section 6)', () => {
  test.each<[string, () => ReturnType<typeof story>, readonly string[]]>([
    ['booked in shadow, live before the reminder: the reminder alone, no late confirmation', () => inShadow().set(live), reminders],
    [
      'booked and moved in shadow: no change is told of what we never said',
      () => inShadow().hear(bookedChange(moved, 60)).until(goLive).set(live),
      reminders,
    ],
    ['booked and cancelled in shadow: nothing', () => inShadow().hear(bookedChange(off, 60)).until(goLive).set(live), []],
    [
      'moved after going live: the change is told',
      () => inShadow().set(live).hear(bookedChange(moved, 300)),
      ['change email', 'change sms', ...reminders],
    ],
    [
      'moved there and back after going live: told twice, as it happened',
      () => inShadow().set(live).hear(bookedChange(moved, 300)).until('2026-11-20T18:00:00Z').hear(bookedChange({}, 400)),
      ['change email', 'change sms', 'change email', 'change sms', ...reminders],
    ],
    [
      'cancelled after going live: told, though we never said that it stood',
      () => inShadow().set(live).hear(bookedChange(off, 300)),
      ['cancellation email', 'cancellation sms'],
    ],
    [
      'the EHR only repeats itself after going live: nothing but the reminder',
      () => inShadow().set(live).hear(bookedChange({}, 300)),
      reminders,
    ],
    [
      'booked after going live: everything',
      () => story({ settings: shadow, now: '2026-11-20T12:00:00Z' }).set(live).hear(bookedChange()),
      ['confirmation email', 'confirmation sms', ...reminders],
    ],
    ['never live: nothing at all', () => inShadow(), []],
    ['the reminder was due in shadow: it is not made up for', () => inShadow().until('2026-11-25T12:00:00Z').set(live), []],
    ['back to shadow before the reminder: nothing', () => inShadow().set(live).set(shadow), []],
    [
      'live, then shadow, moved there, live again: no late change',
      () => story({ settings: live }).hear(bookedChange()).until(soon).set(shadow).hear(bookedChange(moved, 60)).until(goLive).set(live),
      ['confirmation email', 'confirmation sms', ...reminders],
    ],
    [
      'a clinic whose communications were off: the same as shadow',
      () =>
        story({ settings: clinicSettings({ communications: false }) })
          .hear(bookedChange())
          .until(goLive)
          .set(live),
      reminders,
    ],
    [
      'an agenda that was not in service: the same as shadow',
      () =>
        story({ settings: clinicSettings({ agendas: { moreau: { ...agendaSettings(), live: false } } }) })
          .hear(bookedChange())
          .until(goLive)
          .set(live),
      reminders,
    ],
  ])('%s', (_, run, expected) => {
    expect(run().until(afterTheStart).sent()).toEqual(expected)
  })

  /** Booked at noon; every message of it has been decided. */
  function inShadow() {
    return story({ settings: shadow }).hear(bookedChange()).until(soon)
  }
})

describe('what still waits at the moment of going live stays in shadow, whoever looks first', () => {
  const ways = [
    ['all is planned again at once', (run: ReturnType<typeof story>, settings: Settings) => run.set(settings)],
    ['the send is looked at first', (run: ReturnType<typeof story>, settings: Settings) => run.setUnplanned(settings)],
    [
      'the EHR repeats itself first',
      (run: ReturnType<typeof story>, settings: Settings) => run.setUnplanned(settings).hear(bookedChange({}, 2)),
    ],
  ] as const

  test.each(ways)('a confirmation in its grace; %s', (_, goes) => {
    const run = goes(
      story({ settings: slow(shadow) })
        .hear(bookedChange())
        .until('2026-11-20T12:05:00Z'),
      slow(live),
    )
    expect(run.until(soon).sent()).toEqual([])
    expect(run.outcomes()['confirmation email']).toBe('shadow: heard_before_live')
    expect(run.told()).toMatchObject({ assumed: 'heard_before_live', facts: { stands: true } })
    expect(run.until(afterTheStart).sent()).toEqual(reminders)
  })

  test.each(ways.slice(0, 2))('a change in its grace, then moved once more: only the last move is told; %s', (_, goes) => {
    const run = story({ settings: slow(shadow) })
      .hear(bookedChange())
      .until(soon)
    goes(run.hear(bookedChange(moved, 31)).until('2026-11-20T12:35:00Z'), slow(live)).until('2026-11-20T14:00:00Z')
    expect(run.sent()).toEqual([])
    run.hear(bookedChange({}, 200)).until('2026-11-20T18:00:00Z')
    expect(run.sent()).toEqual(['change email', 'change sms'])
  })

  it('a change that comes within the grace of a booking in shadow is ours: the patient hears how it stands', () => {
    const run = story({ settings: slow(shadow) })
      .hear(bookedChange())
      .until('2026-11-20T12:05:00Z')
      .setUnplanned(slow(live))
    run.hear(bookedChange(moved, 6)).until(soon)
    expect(run.sent()).toEqual(['confirmation email', 'confirmation sms'])
    expect(run.told()?.facts.start).toEqual(moved.time.start)
  })

  it('a text that the night put off is decided in shadow at once: nothing of it is left for the morning', () => {
    const settings = { ...shadow, quietHours: night }
    const run = story({ settings, now: '2026-11-21T03:00:00Z' }).hear(bookedChange({}, 900)).until('2026-11-21T03:30:00Z')
    expect(run.outcomes()).toMatchObject({ 'confirmation sms': 'shadow: shadow' })
    expect(
      run
        .set({ ...live, quietHours: night })
        .until('2026-11-21T20:00:00Z')
        .sent(),
    ).toEqual([])
  })

  it('marked as missed in shadow: not written to on the morning after, though we are live by then', () => {
    const noShow = { at: Temporal.PlainTime.from('09:00') }
    const run = story({ settings: { ...shadow, noShow } })
      .hear(bookedChange())
      .until(start.add({ hours: 1 }).toString())
      .hear(bookedChange({ status: { value: 'noshow' } }, 10_000))
    run.set({ ...live, noShow }).until('2026-12-05T00:00:00Z')
    expect(run.sent()).toEqual([])
    expect(run.outcomes()['no_show email']).toBe('shadow: heard_before_live')
  })

  it('a reminder ahead is not of the past: it goes', () => {
    const run = story({ settings: shadow }).hear(bookedChange()).until(goLive).setUnplanned(live)
    expect(run.until(afterTheStart).sent()).toEqual(reminders)
  })
})

describe('gate 0, shadow: everything is decided and recorded', () => {
  it('says what would have been sent', () => {
    const run = story({ settings: shadow }).hear(bookedChange()).until(afterTheStart)
    expect(run.outcomes()).toEqual({
      'confirmation email': 'shadow: shadow',
      'confirmation sms': 'shadow: shadow',
      'previsit email': 'shadow: shadow',
      'previsit sms': 'shadow: shadow',
    })
  })

  const decided = (settings: Settings) =>
    decide('send', {
      kind: 'previsit',
      channel: 'sms',
      notAfter: start,
      appointment: anAppointment(),
      patient: aPatient,
      settings,
      optedOut: false,
      twinOfTold: false,
      now: start.subtract({ hours: 36 }),
    }).outcome

  test.each<[string, Partial<Settings>, object]>([
    ['it would have left', {}, { kind: 'shadow', reason: 'shadow', would: 'send' }],
    [
      'a rule would have kept it',
      { smsActivated: false },
      { kind: 'shadow', reason: 'shadow', would: 'suppressed', because: 'sms_not_activated' },
    ],
    [
      'communications are off: that is why, and nothing is watched',
      { communications: false },
      { kind: 'suppressed', reason: 'communications_off' },
    ],
    ['the rollout is off: nothing is watched', { rollout: { mode: 'off', percent: 100 } }, { kind: 'suppressed', reason: 'rollout_off' }],
    ['the agenda is live already', { rollout: { mode: 'shadow', percent: 0, agendas: ['moreau'] } }, { kind: 'send' }],
    ['another agenda is live already', { rollout: { mode: 'shadow', percent: 0, agendas: ['petit'] } }, { kind: 'shadow', would: 'send' }],
    ['nobody yet', { rollout: { mode: 'live', percent: 0 } }, { kind: 'shadow', reason: 'shadow_percent' }],
    ['nobody yet but an agenda', { rollout: { mode: 'live', percent: 0, agendas: ['moreau'] } }, { kind: 'send' }],
    ['everybody', { rollout: { mode: 'live', percent: 100 } }, { kind: 'send' }],
    [
      'everybody, but this agenda is not in service',
      { rollout: { mode: 'live', percent: 100, agendas: ['moreau'] }, agendas: { moreau: { ...agendaSettings(), live: false } } },
      { kind: 'shadow', reason: 'agenda_not_live' },
    ],
    [
      'O4: an agenda nobody has set is silent, not watched',
      { rollout: { mode: 'live', percent: 100 }, agendas: {} },
      { kind: 'suppressed', reason: 'agenda_not_live' },
    ],
    [
      'no text goes where only e-mails have a test address',
      { rollout: { mode: 'live', percent: 100, redirectTo: { email: 'essai@clinique.example' } } },
      { kind: 'suppressed', reason: 'redirect_elsewhere' },
    ],
    ['a text goes to its test address', { rollout: { mode: 'live', percent: 100, redirectTo: { sms: '+14185550199' } } }, { kind: 'send' }],
  ])('%s', (_, settings, expected) => {
    expect(decided({ ...shadow, ...settings })).toMatchObject(expected)
  })

  it('leaves nothing to a channel that is not the one it goes by, whatever is asked', () => {
    fc.assert(
      fc.property(someInput, (input) => {
        const settings: Settings = { ...input.settings, rollout: { mode: 'shadow', percent: 100 } }
        const { outcome } = decide('send', { ...input, settings })
        return input.kind === 'manual' || outcome.kind !== 'send'
      }),
    )
  })

  it('a redirect keeps everything from patients, by hand too', () => {
    fc.assert(
      fc.property(someInput, (input) => {
        const settings: Settings = { ...input.settings, rollout: { mode: 'live', percent: 100, redirectTo: { sms: '+14185550199' } } }
        return decide('send', { ...input, settings }).outcome.kind !== 'send' || redirectOf(settings, input.channel) !== undefined
      }),
    )
    const to = { ...clinicSettings(), rollout: { mode: 'live', percent: 100, redirectTo: { sms: '+14185550199' } } } as const
    expect(['sms', 'email', 'push'].map((channel) => redirectOf(to, channel as 'sms'))).toEqual([
      { to: '+14185550199' },
      'nowhere',
      'nowhere',
    ])
  })
})

describe('a share of the patients', () => {
  const inShare = (percent: number, id: string) =>
    notYetLive(clinicSettings({ rollout: { mode: 'live', percent } }), anAppointment({ patientId: id })) === undefined

  it('whoever is in stays in as it grows, and is in or out at every look', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (id, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        return !inShare(less, id) || inShare(more, id)
      }),
    )
  })

  test.each([5, 20, 50])('%i in a hundred are about so many of 10,000', (percent) => {
    const count = Array.from({ length: 10_000 }, (_, index) => inShare(percent, `tilleuls:P${index}`)).filter(Boolean).length
    expect(Math.abs(count / 100 - percent)).toBeLessThan(1.5)
  })

  it('is another one in another clinic', () => {
    const of = (clinic: string) => Array.from({ length: 200 }, (_, index) => shareOf(clinic, `x:${index}`) < 50)
    expect(of('a')).not.toEqual(of('b'))
  })

  it('a household is counted by one of them, whoever is asked', () => {
    expect(standsFor(['t:P3', 't:P1', 't:P2'])).toBe(standsFor(['t:P2', 't:P3', 't:P1']))
    const settings = clinicSettings({ rollout: { mode: 'live', percent: 50 } })
    const [child, mother] = ['t:child', 't:mother'].map((patientId) => notYetLive(settings, anAppointment({ patientId }), 't:child'))
    expect(child).toBe(mother)
  })
})

describe('explain names it in one sentence, and says what would change it', () => {
  function said(settings: Settings, until = afterTheStart) {
    const run = story({ settings }).hear(bookedChange()).until(until)
    const appointment = run.appointment()
    const notification = run.notifications().find(({ kind, channel }) => kind === 'previsit' && channel === 'sms')
    if (!appointment || !notification) throw new Error('nothing planned')
    const context = {
      appointment,
      patient: aPatient,
      settings,
      optedOut: new Set<never>(),
      channels: new Set(['sms' as const, 'email' as const]),
      now: Temporal.Instant.from(until),
    }
    const { sentence, wouldNeed, state } = explain(notification, context)
    return {
      state,
      fr: sentence.fr.replaceAll('\u00a0', ' ').replace(/^.*? : /, ''),
      en: sentence.en.replace(/^.*?: /, ''),
      need: wouldNeed.map(({ en }) => en),
    }
  }

  test.each<[string, Settings, string, object]>([
    [
      'watched',
      shadow,
      afterTheStart,
      {
        state: 'shadow',
        fr: 'observé, serait parti, parce que la clinique est en observation : tout est décidé et rien ne part (O7).',
        en: 'watched, would have been sent, because the clinic is in shadow: all is decided and nothing leaves (O7).',
        need: ['Put the clinic or this agenda into service'],
      },
    ],
    [
      'still ahead',
      shadow,
      soon,
      {
        state: 'parked',
        fr: 'en l’état, ne partira pas, parce que la clinique est en observation : tout est décidé et rien ne part (O7).',
        need: ['Put the clinic or this agenda into service'],
      },
    ],
    [
      'watched, and kept by a rule',
      { ...shadow, smsActivated: false },
      afterTheStart,
      {
        state: 'shadow',
        fr: 'observé, ne serait pas parti, parce que les SMS de la clinique ne sont pas activés (O22).',
        need: ['Put the clinic or this agenda into service', 'Have an operator activate texts for the clinic'],
      },
    ],
    [
      'outside the share',
      { ...live, rollout: { mode: 'live', percent: 0 } },
      soon,
      {
        en: 'as things stand, will not be sent, because this patient is not yet among the 0% we write to (O7).',
        need: ['Raise the share of patients we write to'],
      },
    ],
  ])('%s', (_, settings, until, expected) => {
    expect(said(settings, until)).toMatchObject(expected)
  })
})

test.each([
  ['roy@example.org', 'r…@example.org'],
  ['+14185550177', '…77'],
])('%s is named as %s', (contact, masked) => {
  expect(maskContact(contact)).toBe(masked)
})
