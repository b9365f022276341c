import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { confirmationBasis } from '../../src/core/appointment.ts'
import { dayClockAt } from '../../src/core/wall-clock.ts'
import type { FiguresOf } from '../../src/store/port/statistics.ts'
import type { Store } from '../../src/store/store.ts'
import { aNotification, anAppointment, aToCall, aToDo, at, minutes } from '../store/samples.ts'

const zone = 'Europe/Paris'
const dayOf = (text: string) => dayClockAt(at(text), zone).dayNumber
const start = '2026-04-20T09:00:00Z'
const startDay = dayOf(start)

/** The figures that every store keeps beside what they count. `open` gives an empty one each time. */
export function figuresContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the figures`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const said = async (of: FiguresOf = { scope: 'all' }, from = 0, until = 99_999) =>
      (await store.read((tx) => tx.statistics.days('tilleuls', of, from, until)))
        .filter(({ number }) => number !== 0)
        .map(({ day, as, number }) => `${day - startDay} ${as} ${number}`)
    const confirmed = (ehrId: string, hoursBefore: number) => {
      const appointment = anAppointment(ehrId)
      const confirmation = {
        state: 'confirmed',
        by: 'patient',
        at: at(start).subtract({ minutes: hoursBefore * 60 }),
        basis: confirmationBasis(appointment),
      } as const
      return { ...appointment, confirmation }
    }

    test('an appointment counts on the day it starts, in its agenda and for its motif, as what it is now', async () => {
      await store.transact(async (tx) => {
        await tx.appointments.save(anAppointment('1'))
        await tx.appointments.save(anAppointment('2', { motif: { key: 'a\0b' } }))
        await tx.appointments.save({ ...anAppointment('3'), tombstone: true })
      })
      expect(await said()).toEqual(['0 open 2'])
      await store.transact((tx) => tx.appointments.save(confirmed('1', 5)))
      await store.transact((tx) => tx.appointments.save(anAppointment('2', { status: 'noshow', motif: { key: 'a\0b' } })))
      expect(await said()).toEqual(['0 confirmed 1', '0 missed 1'])
      expect(await said({ scope: 'agenda', key: 'MOREAU' })).toEqual(['0 confirmed 1', '0 missed 1'])
      expect(await said({ scope: 'motif', key: 'a\0b' })).toEqual(['0 missed 1'])
      expect(await said({ scope: 'lead', lead: '6' })).toEqual(['0 confirmed 1'])
    })

    test('one that moves takes its count along; what is said again counts once', async () => {
      const moved = anAppointment('1', { start: at('2026-04-21T22:30:00Z') })
      await store.transact((tx) => tx.appointments.save(anAppointment('1')))
      await store.transact((tx) => tx.appointments.save(moved))
      await store.transact((tx) => tx.appointments.save(moved))
      expect(await said(), 'half past midnight of the 22nd in Paris').toEqual(['2 open 1'])
    })

    test('a message counts on the day it left, also when its report comes later', async () => {
      const sent = aNotification('tilleuls:1', { state: 'sent', changedAt: at('2026-04-18T22:30:00Z') })
      await store.transact(async (tx) => {
        await tx.appointments.save(anAppointment('1'))
        await tx.notifications.save(aNotification('tilleuls:1'))
        await tx.notifications.save(sent)
        await tx.notifications.save(aNotification('tilleuls:1', { channel: 'email', state: 'suppressed' }))
      })
      expect(await said()).toEqual(['-1 sms.sent 1', '0 open 1'])
      await store.transact((tx) => tx.notifications.save({ ...sent, state: 'delivered', changedAt: at('2026-04-20T10:00:00Z') }))
      expect(await said({ scope: 'agenda', key: 'MOREAU' })).toEqual(['-1 sms.delivered 1', '0 open 1'])
    })

    test('sums are those of the days from the first to just before the last', async () => {
      await store.transact(async (tx) => {
        await tx.appointments.save(anAppointment('1'))
        await tx.appointments.save(anAppointment('2', { start: at('2026-04-21T09:00:00Z') }))
        await tx.appointments.save(anAppointment('3', { start: at('2026-04-22T09:00:00Z') }))
      })
      const sums = await store.read((tx) => tx.statistics.sums('tilleuls', { scope: 'all' }, startDay, startDay + 2))
      expect(sums).toEqual([{ as: 'open', number: 2 }])
    })

    test('figures stay when what they counted is forgotten, and are counted again from what is kept', async () => {
      await store.transact(async (tx) => {
        await tx.appointments.save(confirmed('1', 30))
        await tx.appointments.save(anAppointment('2', { agenda: { key: 'B' } }))
        await tx.notifications.save(aNotification('tilleuls:2', { state: 'failed', changedAt: at(start) }))
      })
      const all = await said()
      await store.transact((tx) => tx.forgetting.forgetAppointment('tilleuls:1'))
      expect(await said()).toEqual(all)
      await store.transact((tx) => tx.statistics.recount('tilleuls', startDay + 1))
      expect(await said()).toEqual(all)
      await store.transact((tx) => tx.statistics.recount('tilleuls', 0))
      expect(await said()).toEqual(['0 open 1', '0 sms.failed 1'])
      expect(await said({ scope: 'agenda', key: 'B' })).toEqual(['0 open 1', '0 sms.failed 1'])
      expect(await said({ scope: 'lead', lead: '36' })).toEqual([])
    })

    test('what waits for a person', async () => {
      await store.transact(async (tx) => {
        await tx.toCall.save(aToCall('a'))
        await tx.toCall.save(aToCall('b', { doneAt: minutes(1) }))
        await tx.toDo.save(aToDo('a'))
        await tx.appointments.save(anAppointment('1', { holds: ['H-PATIENT-CHANGED'] }))
        await tx.appointments.save(anAppointment('2'))
        await tx.notifications.save(aNotification('tilleuls:1', { state: 'held', reason: 'mass_change' }))
      })
      expect(await store.read((tx) => tx.statistics.waiting('tilleuls'))).toEqual({
        toCall: 1,
        toDo: 1,
        appointmentsHeld: 1,
        sendsHeld: { mass_change: 1 },
      })
      expect((await store.read((tx) => tx.appointments.held('tilleuls', 10))).map(({ id }) => id)).toEqual(['tilleuls:1'])
      expect(await store.read((tx) => tx.statistics.waiting('other'))).toMatchObject({ toCall: 0, sendsHeld: {} })
    })
  })
}
