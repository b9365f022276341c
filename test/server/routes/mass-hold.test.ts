import { describe, expect, test } from 'vitest'
import { agendaSettings, bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const agendas = ['moreau', 'ouellet', 'petit', 'roy']
const count = 12

/** Everybody's visit of four agendas is moved at once; the fuse holds what would say so. */
async function openHeld(startsAt = start) {
  const settings = clinicSettings({
    agendas: Object.fromEntries(agendas.map((key) => [key, agendaSettings()])),
    fuse: { least: 10, factor: 5, agendas: 3 },
  })
  const rappel = await openRappel({ settings, now: '2026-11-20T15:00:00Z' })
  const sendAll = async () => {
    for (let round = 0; round < 5; round += 1) await rappel.send()
  }
  const hearAll = async (hours: number, minute: number) => {
    for (let number = 0; number < count; number += 1)
      await rappel.hear(
        bookedChange(
          {
            ehrId: `A${number}`,
            agenda: { key: agendas[number % agendas.length] ?? '' },
            time: { start: startsAt.add({ hours }) },
            patient: { ehrId: `P${number}`, contacts: [{ kind: 'email', value: `p${number}@example.org` }] },
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
  const place = '/api/v1/clinics/tilleuls/mass-hold'
  const changes = async (number = 0) => (await rappel.outcomes(`tilleuls:A${number}`)).filter((line) => line.startsWith('change email'))
  const told = rappel.email.sent.length
  const calls = async () =>
    (await rappel.read((tx) => tx.toCall.open('tilleuls', 100))).map(({ appointmentId, reason }) => `${appointmentId} ${reason}`)
  return { ...rappel, sendAll, hearAll, place, changes, calls, sentSince: () => rappel.email.sent.length - told }
}

describe('a mass change (R8)', () => {
  test('waits, and is shown with what was seen', async () => {
    const { call, place, changes, sentSince } = await openHeld()
    expect(await changes()).toEqual(['change email: held mass_change'])
    expect(sentSince()).toBe(0)
    const shown = (await (await call('reader', `GET ${place}`)).json()) as { hold: object; items: readonly object[] }
    expect(shown.hold).toMatchObject({ state: 'held', seen: count, agendas: 4 })
    expect(shown.items).toHaveLength(count)
    expect(shown.items[0]).toMatchObject({ kind: 'change', channel: 'email', appointmentId: expect.stringMatching(/^tilleuls:A/) })
  })

  test('that is released leaves at once, and is not held again', async () => {
    const { call, place, sendAll, changes, sentSince, woken, read } = await openHeld()
    const response = await call('admin', `POST ${place}/release`)
    expect(await response.json()).toMatchObject({ count, hold: { state: 'released', settledBy: 'token:admin-tilleuls' } })
    expect(woken).toContain('planned')
    await sendAll()
    expect(sentSince()).toBe(count)
    expect(await changes(7)).toEqual(['change email: sent'])
    expect(await (await call('reader', `GET ${place}`)).json()).toEqual({ hold: null, items: [] })
    const actions = (await read((tx) => tx.audit.of('tilleuls', 3))).map(({ actor, action }) => `${actor} ${action}`)
    expect(actions).toEqual(['token:admin-tilleuls mass-hold.released', 'dispatch mass-hold.set'])
  })

  test('a second one after the release is held anew', async () => {
    const { call, place, sendAll, hearAll, changes, sentSince, clock } = await openHeld()
    await call('admin', `POST ${place}/release`)
    await sendAll()
    clock.advance({ minutes: 5 })
    await hearAll(3, 10)
    await sendAll()
    expect(sentSince()).toBe(count)
    expect(await changes()).toEqual(['change email: held mass_change', 'change email: sent'])
  })

  test('that is dropped is withdrawn, and everybody with a visit ahead is on the list of calls', async () => {
    const { call, place, sendAll, changes, sentSince, calls, read } = await openHeld()
    const before = await read((tx) => tx.told.find('tilleuls:A0'))
    const response = await call('admin', `POST ${place}/drop`)
    expect(await response.json()).toMatchObject({ count, hold: { state: 'dropped' } })
    await sendAll()
    expect(sentSince()).toBe(0)
    expect(await changes()).toEqual(['change email: withdrawn mass_change_dropped'])
    expect(await read((tx) => tx.told.find('tilleuls:A0'))).toEqual(before)
    expect((await calls()).sort()).toEqual(Array.from({ length: count }, (_, number) => `tilleuls:A${number} mass_change_dropped`).sort())
  })

  test('dropped as an accident and mended in the EHR, tells nobody anything', async () => {
    const { call, place, sendAll, hearAll, sentSince, clock } = await openHeld()
    await call('admin', `POST ${place}/drop`)
    clock.advance({ minutes: 5 })
    await hearAll(0, 10)
    await sendAll()
    expect(sentSince()).toBe(0)
  })

  test('dropped, stays so when the EHR repeats itself or a reminder leaves; a real second change is told', async () => {
    const { call, place, sendAll, hear, hearAll, changes, sentSince, clock } = await openHeld()
    await call('admin', `POST ${place}/drop`)
    await hearAll(1, 10)
    clock.set('2026-11-25T13:00:00Z')
    await sendAll()
    expect(sentSince()).toBe(count)
    expect(await changes()).toEqual(['change email: withdrawn mass_change_dropped'])
    await hear(
      bookedChange(
        {
          ehrId: 'A0',
          agenda: { key: 'moreau' },
          time: { start: start.add({ hours: 2 }) },
          patient: { ehrId: 'P0', contacts: [{ kind: 'email', value: 'p0@example.org' }] },
        },
        15,
      ),
    )
    await sendAll()
    expect(await changes()).toEqual(['change email: sent'])
  })

  test('whoever was telephoned about it is not written to as well', async () => {
    const { call, place, read, changes, hearAll, sendAll, sentSince } = await openHeld()
    await call('admin', `POST ${place}/drop`)
    const [entry] = await read((tx) => tx.toCall.open('tilleuls', 1))
    const id = encodeURIComponent(entry?.id ?? '')
    expect((await call('appointments', `POST /api/v1/clinics/tilleuls/to-call/${id}/done`)).status).toBe(200)
    const told = await read((tx) => tx.told.find(entry?.appointmentId ?? ''))
    expect(told).toMatchObject({ assumed: 'called', facts: { start: start.add({ hours: 1 }) } })
    await hearAll(1, 10)
    await sendAll()
    expect(sentSince()).toBe(0)
    expect(await changes()).toEqual(['change email: withdrawn mass_change_dropped'])
  })

  test.each(['release', 'drop'])('where nothing is held, there is nothing to %s', async (verdict) => {
    const { call } = await openRappel()
    const response = await call('admin', `POST /api/v1/clinics/tilleuls/mass-hold/${verdict}`)
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'nothing_held' }])
  })
})
