import { describe, expect, it, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import { saveShiftHold } from '../../../src/server/feed/kept.ts'
import { agendaSettings, bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel } from '../../support/rappel.ts'

const page = '/console/clinics/tilleuls/holds'
const admin = signedIn('admin')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const agendas = ['moreau', 'ouellet', 'petit', 'roy']

/** Everybody's visit of four agendas is moved at once; the fuse holds what would say so. */
async function massChange() {
  const settings = clinicSettings({
    agendas: Object.fromEntries(agendas.map((key) => [key, agendaSettings()])),
    fuse: { least: 10, factor: 5, agendas: 3 },
  })
  const rappel = await openRappel({ settings, now: '2026-11-20T15:00:00Z' })
  const sendAll = async () => {
    for (let round = 0; round < 3; round += 1) await rappel.send()
  }
  const hearAll = async (hours: number, minute: number) => {
    for (let number = 0; number < 12; number += 1)
      await rappel.hear(
        bookedChange(
          {
            ehrId: `A${number}`,
            agenda: { key: agendas[number % agendas.length] ?? '' },
            time: { start: start.add({ hours }) },
            patient: {
              ehrId: `P${number}`,
              name: { given: 'Anne', family: 'Roy' },
              contacts: [{ kind: 'email', value: `p${number}@example.org` }],
            },
          },
          minute,
        ),
      )
  }
  await hearAll(0, 0)
  await sendAll()
  rappel.clock.advance({ minutes: 5 })
  await hearAll(1, 5)
  await sendAll()
  const state = async () => (await rappel.read((tx) => tx.massHolds.latest('tilleuls')))?.state
  return { ...rappel, send: sendAll, state }
}

describe('held sends', () => {
  it('say that nothing is held, and what would be', async () => {
    const { get } = await openRappel()
    expect(await said(get(page, signedIn('reader')))).toContain('Rien n’est retenu.')
  })

  it('show a mass change with examples (R8), which is released once somebody says that they looked', async () => {
    const { get, post, state, woken, sms, email, send } = await massChange()
    const shown = await said(get(page, admin))
    expect(shown).toMatch(/Changement en masse : \d+ envois attendent/)
    expect(shown).toContain('jeudi 26 novembre à 10 h 40')
    expect(shown).toContain('Anne Roy Changement')
    expect(shown, 'the menu counts it once').toContain('Envois retenus 1')

    const unsure = await post(`${page}/mass`, { decision: 'released' }, admin)
    expect(await said(get(unsure.headers.get('location') ?? '', admin))).toContain('Cochez')
    expect(await state()).toBe('held')
    const before = sms.sent.length + email.sent.length
    const released = await post(`${page}/mass`, { decision: 'released', sure: 'on' }, admin)
    expect(released.headers.get('location')).toBe(`${page}?said=released`)
    expect([await state(), woken.includes('planned')]).toEqual(['released', true])
    await send()
    expect(sms.sent.length + email.sent.length).toBeGreaterThan(before)
  })

  it('are dropped: whoever was to learn of it is on the list to call', async () => {
    const { get, post, state } = await massChange()
    await post(`${page}/mass`, { decision: 'dropped', sure: 'on' }, admin)
    expect(await state()).toBe('dropped')
    expect(await said(get('/console/clinics/tilleuls/to-call', admin))).toContain('Une personne a écarté ce changement en masse')
    const again = await post(`${page}/mass`, { decision: 'released', sure: 'on' }, admin)
    expect(await said(get(again.headers.get('location') ?? '', admin))).toContain('quelqu’un d’autre a décidé entre-temps')
  })

  it('show an EHR whose hours have shifted', async () => {
    const { get, post, store, clock } = await openRappel()
    const hold = { state: 'held', since: clock.now(), minutes: 60, moved: 12, seen: 14, readings: [] } as const
    await store.transact((tx) => saveShiftHold(tx, 'tilleuls', hold, clock.now()))
    expect(await said(get(page, admin))).toContain('12 rendez-vous ont bougé ensemble de 60 minutes')
    await post(`${page}/shift/tilleuls`, { decision: 'released', sure: 'on' }, admin)
    expect(await said(get(page, admin))).toContain('Rien n’est retenu.')
  })

  it('show a restored backup, for an operator of every clinic to settle (R9)', async () => {
    const { get, post, store, clock, read } = await openRappel()
    const since = clock.now()
    await store.transact((tx) => tx.restoreHolds.save({ since, backupAt: since.subtract({ hours: 8 }), state: 'held' }))
    expect(await said(get(page, admin))).toContain('La base vient d’une sauvegarde du mercredi 25 novembre à 2 h')
    for (const cookie of [admin, signedIn('operator')])
      expect((await post(`${page}/restored`, { decision: 'released', sure: 'on' }, cookie)).status).toBe(403)
    await post(`${page}/restored`, { decision: 'released', sure: 'on' }, signedIn('operator', 'all'))
    expect((await read((tx) => tx.restoreHolds.latest()))?.state).toBe('released')
  })

  it('are where the alarms of the installation lead: to those of a clinic one sees', async () => {
    const { get, store, clock, alarms } = await openRappel()
    const since = clock.now()
    await store.transact((tx) => tx.restoreHolds.save({ since, backupAt: since.subtract({ hours: 8 }), state: 'held' }))
    await alarms.look()
    const link = alarms.last().find(({ code }) => code === 'restore_held')?.link ?? ''
    const [address, panel] = link.split('#')
    const to = (await get(address ?? '', admin)).headers.get('location') ?? ''
    expect(to).toBe(page)
    expect(await (await get(to, admin)).text()).toContain(`id="${panel}"`)
  })

  it('show appointments in doubt, released one by one (V2-ID-4)', async () => {
    const { get, post, hear, appointment } = await openRappel()
    await hear(bookedChange())
    await hear(bookedChange({ patient: { ehrId: 'P2', name: { given: 'Luc', family: 'Roy' } } }, 5))
    const secretary = signedIn('appointments')
    expect(await said(get(page, secretary))).toContain('Le DSE a mis un autre patient à ce rendez-vous Libérer')
    expect(await said(get(`${page}?lang=en`, secretary))).toContain('The EHR has put another patient in this appointment Release')
    await post(`${page}/appointments/tilleuls%3AA1`, {}, secretary)
    expect((await appointment())?.holds).toEqual([])
  })

  test.each<[string, Role]>([
    ['mass', 'appointments'],
    ['shift/tilleuls', 'appointments'],
    ['restored', 'admin'],
    ['appointments/tilleuls%3AA1', 'reader'],
  ])('%s is not for the role %s, nor for another clinic', async (act, role) => {
    const { post, hear } = await openRappel()
    await hear(bookedChange())
    expect((await post(`${page}/${act}`, { sure: 'on' }, signedIn(role))).status).toBe(403)
    expect((await post(`${page}/${act}`, { sure: 'on' }, signedIn('operator', 'erables'))).status).toBe(404)
  })
})
