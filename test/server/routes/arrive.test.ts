import { describe, expect, test } from 'vitest'
import { bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import type { RappelOptions } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const right = { day: '12', month: '4', year: '1979', hour: '09:40' }
const patient = { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, birthDate: '1979-04-12', contacts: [] }

/** At the desk, twenty minutes before an appointment at 9:40. */
async function atDesk(options: RappelOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-26T14:20:00Z', ...options })
  await rappel.hear(bookedChange({ patient }))
  const path = '/arrive/tilleuls/main'
  async function say(fields: Record<string, string> = right) {
    const response = await rappel.post(path, fields)
    return { status: response.status, text: await response.text() }
  }
  const states = async () => (await rappel.answers()).map(({ kind, state }) => `${kind} ${state}`)
  return { ...rappel, path, say, states }
}

describe('arrival by the code at the desk (O17)', () => {
  test('the birth date and the hour are enough, and nothing of the visit is shown', async () => {
    const { say, states, woken, read } = await atDesk()
    const { status, text } = await say()
    expect([status, await states()]).toEqual([200, ['arrive queued']])
    expect(text).toContain('Votre arrivée est notée.')
    expect(text).not.toMatch(/Moreau|Roy|Anne|1979|9 h|novembre/)
    expect(woken).toContain('answered')
    const [entry] = await read((tx) => tx.audit.of('tilleuls:A1', 1))
    expect(entry).toMatchObject({ actor: 'patient', action: 'reply.arrive', detail: { outcome: 'accepted', by: 'desk' } })
  })

  test('said twice it is said once, and answered the same', async () => {
    const { say, states } = await atDesk()
    const said = [await say(), await say()]
    expect(said[0]).toEqual(said[1])
    expect(await states()).toEqual(['arrive queued'])
  })

  test.each([
    ['a second before the half hour', '2026-11-26T14:09:59Z', 422],
    ['at the half hour', '2026-11-26T14:10:00Z', 200],
    ['at the start', '2026-11-26T14:40:00Z', 200],
    ['a second after', '2026-11-26T14:40:01Z', 422],
    ['the day before', '2026-11-25T14:20:00Z', 422],
  ])('%s', async (_, now, status) => {
    const { say } = await atDesk({ now })
    expect((await say()).status).toBe(status)
  })

  test('whatever was not taken is refused in the same words: nobody learns who has an appointment', async () => {
    const wrong = [{ year: '1980' }, { hour: '09:50' }, { hour: '10:40' }]
    const { say, states, hear, clock } = await atDesk()
    const refusals = []
    for (const fields of wrong) refusals.push(await say({ ...right, ...fields }))
    await hear(bookedChange({ ehrId: 'A2', patient: { ...patient, ehrId: 'P2' } }))
    refusals.push(await say())
    clock.set('2026-11-26T13:00:00Z')
    refusals.push(await say())
    expect(refusals.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422])
    expect(new Set(refusals.map(({ text }) => text)).size).toBe(1)
    expect(await states()).toEqual([])
  })

  test('what cannot be read is asked again, and is no guess', async () => {
    const { say } = await atDesk()
    for (let turn = 0; turn < 40; turn += 1) {
      const { status, text } = await say({ ...right, ...(turn % 2 ? { hour: '' } : { day: '' }) })
      expect([status, text.includes('en chiffres')]).toEqual([422, true])
    }
    expect((await say()).status).toBe(200)
  })

  test('thirty wrong ones of a site, and nobody is noted there until the hour is over; the desk is there for that', async () => {
    const { say, clock, hear } = await atDesk({ now: '2026-11-26T14:10:00Z' })
    for (let guess = 0; guess < 30; guess += 1) await say({ ...right, day: '13' })
    expect((await say()).status).toBe(422)
    await hear(bookedChange({ patient, time: { start: start.add({ minutes: 30 }) } }, 5))
    clock.set('2026-11-26T15:00:00Z')
    expect((await say({ ...right, hour: '10:10' })).status).toBe(200)
  })

  test('of a patient by video is none: one comes to a desk', async () => {
    const { say, hear } = await atDesk()
    await hear(bookedChange({ patient, modality: { value: 'video' } }, 5))
    expect((await say()).status).toBe(422)
  })

  test.each([
    ['a clinic there is not', '/arrive/erables/main'],
    ['a site there is not', '/arrive/tilleuls/annexe'],
    ['a name of JavaScript’s', '/arrive/tilleuls/constructor'],
  ])('%s is not found, for reading and for writing', async (_, path) => {
    const { get, post, dump } = await atDesk()
    const before = await dump()
    expect([(await get(path)).status, (await post(path, right)).status]).toEqual([404, 404])
    expect(await dump()).toBe(before)
  })

  test('O5: where patients may not say that they are here, there is no such page', async () => {
    const sites = { main: { name: 'Site principal', patientMayCancel: true, patientMayArrive: false } }
    const { get, path, say } = await atDesk({ settings: clinicSettings({ sites }) })
    expect([(await get(path)).status, (await say()).status]).toEqual([404, 404])
  })

  test('looking at it changes nothing (R26), and is of the reader’s language', async () => {
    const { get, app, path, dump } = await atDesk()
    const before = await dump()
    expect(await (await get(path)).text()).toContain('<html lang="fr">')
    expect(await (await get(path, { 'accept-language': 'en' })).text()).toContain('<html lang="en">')
    expect((await app.request(path, { method: 'HEAD' })).status).toBe(200)
    expect(await dump()).toBe(before)
  })

  test('neither birth date nor hour is in a log (R25)', async () => {
    const { say, lines } = await atDesk()
    await say()
    await say({ ...right, year: '1980' })
    expect(lines.join()).not.toMatch(/1979|1980|04-12|9:40/)
  })
})
