import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import type { Companion } from '../../src/core/household.ts'
import { companionsOf, localDay, mayMerge } from '../../src/core/household.ts'
import type { Notification } from '../../src/core/notification.ts'
import type { Settings } from '../../src/core/settings.ts'
import { agendaSettings, clinicSettings, start } from '../support/clinic.ts'
import { anAppointment, aPatient, at } from '../support/screens.ts'

interface Person {
  readonly appointment?: Partial<Appointment>
  readonly notification?: Partial<Notification>
  /** The patient; a relative of the leader's unless told. */
  readonly of?: string
}

/** One of the household, with a text that waits: Paul at ten, on the same agenda, of the same phone. */
function companion(id: string, { appointment, notification, of = id }: Person = {}): Companion {
  const booked = anAppointment({ id, patientId: of, start: start.add({ minutes: 20 }), ...appointment })
  return {
    appointment: booked,
    patient: { ...aPatient, id: of },
    notification: {
      id: `${id}:previsit:PT36H`,
      clinicId: booked.clinicId,
      appointmentId: id,
      patientId: of,
      kind: 'previsit',
      step: 'PT36H',
      basis: String(booked.start),
      channel: 'sms',
      state: 'planned',
      dueAt: start.subtract({ hours: 36 }),
      notAfter: start.subtract({ hours: 1 }),
      attempts: 0,
      plannedAt: start.subtract({ hours: 96 }),
      changedAt: start.subtract({ hours: 96 }),
      ...notification,
    },
  }
}

const anne = companion('anne', { appointment: { start } })
const zones = { moreau: agendaSettings(), petit: agendaSettings(), halifax: { ...agendaSettings(), zone: 'America/Halifax' } }
const clinic = (overrides: Partial<Settings> = {}) => clinicSettings({ agendas: zones, ...overrides })
const idsOf = (said: readonly Companion[]) => said.map(({ notification }) => notification.id.split(':')[0])

const elsewhere = { appointment: { agenda: { key: 'petit' } } }
const at2330 = at('2026-11-27T04:30:00Z')
const at0010 = at('2026-11-27T05:10:00Z')

describe('D29: whose text is said by the leader’s', () => {
  const rows: readonly (readonly [name: string, person: Person, merges: boolean, settings?: Settings])[] = [
    ['a relative, the same day and agenda', {}, true],
    ['a relative on another agenda', elsewhere, false],
    ['a relative on another agenda, where one’s own merge across', elsewhere, false, clinic({ cadence: doctolib })],
    ['their own on the same agenda', { of: 'anne' }, true],
    ['their own on another agenda, ofys', { of: 'anne', ...elsewhere }, false, clinic({ cadence: ofys })],
    ['their own on another agenda, doctolib', { of: 'anne', ...elsewhere }, true, clinic({ cadence: doctolib })],
    ['the day after', { appointment: { start: start.add({ hours: 24 }) } }, false],
    ['the evening of the same day', { appointment: { start: at2330 } }, true],
    ['ten minutes into the next day, though the same day in UTC as the evening', { appointment: { start: at0010 } }, false],
    ['another clinic', { appointment: { clinicId: 'erables' } }, false],
    ['an e-mail stays by itself', { notification: { channel: 'email' } }, false],
    ['another kind of message', { notification: { kind: 'reminder' } }, false],
    ['it has left by itself', { notification: { state: 'sent' } }, false],
    ['it is on its way', { notification: { state: 'sending' } }, false],
    ['it was cancelled before the send', { notification: { state: 'withdrawn' } }, false],
    ['another text says it already', { notification: { state: 'merged_into' } }, false],
    ['it waits for its try', { notification: { attempts: 1 } }, true],
    ['it is parked, and is asked again', { notification: { state: 'parked' } }, true],
    ['it is not due yet', { notification: { dueAt: start.subtract({ hours: 30 }) } }, true],
    ['it is a notice for whoever had the appointment before', { notification: { patientId: 'somebody else' } }, false],
    ['its step is another one: it was booked later', { notification: { step: 'D1T1300' } }, true],
  ]
  it.each(rows.map(([name, person, merges, settings]) => [name, person, merges, settings] as const))(
    '%s',
    (_, person, merges, settings = clinic()) => {
      expect(idsOf(companionsOf(anne, [anne, companion('paul', person)], settings))).toEqual(merges ? ['paul'] : [])
    },
  )

  it.each<[string, Partial<Appointment>]>([
    ['their agenda’s clock is another', { agenda: { key: 'halifax' } }],
    ['their connector’s clock is another', { zone: 'Europe/Paris' }],
  ])('one text says hours by one clock: %s', (_, appointment) => {
    const paul = companion('paul', { of: 'anne', appointment })
    expect(companionsOf(anne, [paul], clinic({ cadence: doctolib }))).toEqual([])
  })

  it('the local day is that of the agenda, whatever the server’s', () => {
    const evening = companion('anne', { appointment: { start: at2330 } })
    const night = companion('paul', { appointment: { start: at0010 } })
    expect(localDay(at2330, 'America/Toronto')).toBe('2026-11-26')
    expect(companionsOf(evening, [night], clinic())).toEqual([])
    const paris = clinic({ agendas: { moreau: { ...agendaSettings(), zone: 'Europe/Paris' } } })
    expect(idsOf(companionsOf(evening, [night], paris)), 'half past five and ten past six there').toEqual(['paul'])
  })

  it('an appointment whose hour the EHR took back is of no day', () => {
    const paul = companion('paul')
    const { start: _, ...unknown } = paul.appointment
    expect(companionsOf(anne, [{ ...paul, appointment: unknown }], clinic())).toEqual([])
    expect(companionsOf({ ...anne, appointment: unknown }, [paul], clinic())).toEqual([])
  })

  it('of an appointment that is the leader’s own, no other text', () => {
    const other = { ...anne, notification: { ...anne.notification, id: 'anne:previsit:PT12H', step: 'PT12H' } }
    expect(companionsOf(anne, [anne, other], clinic())).toEqual([])
  })

  it('in the order of their hours', () => {
    const others = [30, 10, -40, 20].map((minutes) => companion(`at ${minutes}`, { appointment: { start: start.add({ minutes }) } }))
    expect(idsOf(companionsOf(anne, others, clinic()))).toEqual(['at -40', 'at 10', 'at 20', 'at 30'])
  })
})

describe('a cadence with two texts', () => {
  const step = (name: string, state: Notification['state'] = 'planned', days = 0): Companion =>
    companion('paul', {
      notification: { id: `paul:previsit:${name}`, step: name, state, dueAt: start.subtract({ hours: 36 - 24 * days }) },
    })
  const leader = companion('anne', { appointment: { start }, notification: { step: 'D7' } })

  it.each<[string, readonly Companion[], string | undefined]>([
    ['the same step, and the later one stays', [step('D1', 'planned', 1), step('D7')], 'paul:previsit:D7'],
    [
      'where the cadence has not that step for them, the next one',
      [step('D1', 'planned', 1), step('D2', 'planned', 0)],
      'paul:previsit:D2',
    ],
    ['that step has left: the later one is not for today', [step('D7', 'sent'), step('D1', 'planned', 1)], undefined],
    ['that step was said by another', [step('D7', 'merged_into'), step('D1', 'planned', 1)], undefined],
    ['that step was withdrawn', [step('D7', 'withdrawn'), step('D1', 'planned', 1)], 'paul:previsit:D1'],
  ])('%s', (_, others, said) => {
    expect(companionsOf(leader, others, clinic()).map(({ notification }) => notification.id)).toEqual(said ? [said] : [])
  })
})

it('D29: e-mails, and whatever is no reminder, are never merged', () => {
  const kinds = ['confirmation', 'reminder', 'previsit', 'change', 'cancellation', 'correction', 'no_show', 'manual'] as const
  const merging = kinds.flatMap((kind) =>
    (['sms', 'email', 'push'] as const).filter((channel) => mayMerge({ kind, channel })).map((channel) => `${kind} ${channel}`),
  )
  expect(merging).toEqual(['reminder sms', 'previsit sms'])
})

it('whatever the household, nobody is named twice, nobody leads who follows, and all are of one day', () => {
  const someone = fc.record({
    of: fc.constantFrom('anne', 'paul', 'zoe'),
    minutes: fc.integer({ min: -1440, max: 1440 }),
    agenda: fc.constantFrom('moreau', 'petit', 'halifax'),
    steps: fc.uniqueArray(fc.constantFrom('D7', 'D2', 'D1'), { minLength: 1 }),
    state: fc.constantFrom<Notification['state']>('planned', 'parked', 'held', 'sent', 'withdrawn'),
  })
  fc.assert(
    fc.property(fc.array(someone, { maxLength: 8 }), fc.boolean(), (people, across) => {
      const others = people.flatMap(({ of, minutes, agenda, steps, state }, index) =>
        steps.map((name) =>
          companion(`A${index}`, {
            of,
            appointment: { start: start.add({ minutes }), agenda: { key: agenda } },
            notification: { id: `A${index}:${name}`, step: name, state },
          }),
        ),
      )
      const settings = clinic({ cadence: across ? doctolib : ofys })
      const said = companionsOf(anne, [anne, ...others], settings)
      expect(new Set(said.map(({ appointment }) => appointment.id)).size).toBe(said.length)
      for (const { appointment, notification } of said) {
        expect(notification.id).not.toBe(anne.notification.id)
        expect(localDay(appointment.start, 'America/Toronto')).toBe('2026-11-26')
        expect(['planned', 'parked', 'held']).toContain(notification.state)
      }
    }),
  )
})
