import { describe, expect, it, test } from 'vitest'
import type { Settings } from '../../../src/core/settings.ts'
import { createForecaster } from '../../../src/server/impact/impact.ts'
import { placesOf } from '../../../src/server/impact/sample.ts'
import { agendaSettings, bookedChange, clinicSettings, motifSettings, start } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

/** So many patients with an appointment each, every one in another minute. */
async function openClinic(count: number, overrides: Partial<Settings> = {}) {
  const settings = clinicSettings(overrides)
  const rappel = await openRappel({ settings, now: '2026-11-20T15:00:00Z' })
  for (let index = 0; index < count; index += 1)
    await rappel.hear(
      bookedChange({
        ehrId: `A${index}`,
        time: { start: start.add({ minutes: index }) },
        origin: index % 2 === 0 ? 'staff' : 'patient_online',
        patient: { ehrId: `P${index}`, contacts: [{ kind: 'phone', value: `+1418555${String(1000 + index)}`, mobile: 'yes' }] },
      }),
    )
  return { ...rappel, settings }
}

const textsOff = (settings: Settings): Settings => ({ ...settings, agendas: { moreau: agendaSettings({ sms: false }) } })

describe('the impact preview', () => {
  test('fewer texts, their cost, who is left without a channel, and who is told all the same (D10, D11)', async () => {
    const rappel = await openClinic(4)
    const impact = await createForecaster(rappel).of(rappel.settings, textsOff(rappel.settings))
    expect(impact).toMatchObject({
      appointments: { total: 4, seen: 4 },
      sms: { before: 8, after: 4 },
      cost: { before: 4_000, after: 2_000 },
      currency: 'CAD',
      losing: 2,
      gaining: 0,
      spared: 2,
      agendas: [{ key: 'moreau', sms: -4, cost: -2_000 }],
    })
  })

  test('D20: a motif that is off silences whoever booked online too', async () => {
    const rappel = await openClinic(4)
    const off = { ...rappel.settings, motifs: { CONSULT: motifSettings({ notify: false, listed: false }) } }
    expect(await createForecaster(rappel).of(rappel.settings, off)).toMatchObject({ sms: { before: 8, after: 0 }, losing: 4, spared: 0 })
  })

  test('the same settings change nothing; what is on again is gained', async () => {
    const rappel = await openClinic(2)
    const forecaster = createForecaster(rappel)
    expect(await forecaster.of(rappel.settings, rappel.settings)).toMatchObject({ losing: 0, gaining: 0, agendas: [] })
    expect(await forecaster.of(textsOff(rappel.settings), rappel.settings)).toMatchObject({ losing: 0, gaining: 1 })
  })

  test('who said STOP is not counted as told', async () => {
    const rappel = await openClinic(1)
    await rappel.store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', '+14185551000', rappel.clock.now()))
    expect(await createForecaster(rappel).of(rappel.settings, textsOff(rappel.settings))).toMatchObject({
      sms: { before: 0, after: 0 },
      losing: 0,
    })
  })

  test('an empty clinic is told that nobody is concerned', async () => {
    const rappel = await openRappel()
    expect(await createForecaster(rappel).of(rappel.settings, textsOff(rappel.settings))).toMatchObject({
      appointments: { total: 0, seen: 0 },
      sms: { before: 0, after: 0 },
      losing: 0,
    })
  })

  it('stops at a sample where the time is up, says how large it was, and scales the figures', async () => {
    const rappel = await openClinic(260)
    let ms = 0
    const slow = createForecaster({ ...rappel, stopwatch: () => (ms += 5) })
    const impact = await slow.of(rappel.settings, textsOff(rappel.settings))
    expect(impact.appointments).toEqual({ total: 260, seen: 250 })
    expect(impact.sms.before).toBe(520)
    expect(impact.losing).toBe(130)
  })

  it('lets others have their turn while it works', async () => {
    const rappel = await openClinic(30)
    let ms = 0
    let turns = 0
    const working = createForecaster({ ...rappel, stopwatch: () => (ms += 1) }).of(rappel.settings, textsOff(rappel.settings))
    const other = async () => {
      for (let turn = 0; turn < 1_000; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve))
        turns += 1
      }
    }
    await Promise.race([working, other()])
    expect(turns).toBeGreaterThan(3)
    await working
  })

  it('works one out once', async () => {
    const rappel = await openClinic(1)
    const forecaster = createForecaster(rappel)
    const wanted = textsOff(rappel.settings)
    expect(await forecaster.of(rappel.settings, wanted)).toBe(await forecaster.of(rappel.settings, wanted))
  })

  test('by API: the body is the document of the settings, and nothing of it is kept', async () => {
    const rappel = await openClinic(2)
    const document = (await (await rappel.call('reader', 'GET /api/v1/clinics/tilleuls/settings')).json()) as {
      agendas: Record<string, object>
    }
    const agendas = { moreau: { ...document.agendas.moreau, sms: false } }
    const answer = await rappel.call('admin', 'POST /api/v1/clinics/tilleuls/impact', { ...document, agendas })
    expect(await answer.json()).toMatchObject({ version: 1, sms: { before: 4, after: 2 }, losing: 1, changes: expect.any(Array) })
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.version).toBe(1)
    expect((await rappel.call('admin', 'POST /api/v1/clinics/tilleuls/impact', { ...document, dailyCap: 'many' })).status).toBe(422)
    expect((await rappel.call('reader', 'POST /api/v1/clinics/tilleuls/impact', document)).status).toBe(403)
  })
})

test.each([
  ['all of a few', 120, 250, [0, 50, 100]],
  ['none of none', 0, 250, []],
  ['evenly spread over many', 1_000, 200, [0, 250, 500, 750]],
])('a sample takes %s', (_, total, size, places) => {
  expect(placesOf(total, size)).toEqual(places)
})
