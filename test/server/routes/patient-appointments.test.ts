import { describe, expect, test } from 'vitest'
import { bookedChange, clinicSettings, motifSettings, start } from '../../support/clinic.ts'
import type { RappelOptions } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const born = { day: '12', month: '4', year: '1979' }
const wrong = { day: '13', month: '4', year: '1979' }
const patient = { ...bookedChange().patient, ehrId: 'P1', birthDate: '1979-04-12' }
const nextWeek = { start: start.add({ hours: 24 * 7 }), end: start.add({ hours: 24 * 7 + 1 }) }

/** A patient with a second appointment next week, by phone, and the link of the first. */
async function told(options: RappelOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', ...options })
  await rappel.hear(bookedChange({ patient }))
  await rappel.send()
  const token = rappel.lastToken()
  const second = bookedChange({ ehrId: 'A2', patient, time: nextWeek, practitioner: { key: 'petit', name: 'Marc Petit' } })
  await rappel.hear(second)
  const ask = (fields: Record<string, string>) => rappel.post(`/${token}/appointments`, fields)
  return { ...rappel, token, second, ask, list: async (fields: Record<string, string> = born) => (await ask(fields)).text() }
}

function fieldsIn(page: string): Record<string, string> {
  return Object.fromEntries([...page.matchAll(/name="(pass|which|lang)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
}

describe('other appointments, after the birth date (R26)', () => {
  test('are asked for by a page that lists nothing, and changes nothing', async () => {
    const { get, app, token, dump } = await told()
    const before = await dump()
    const page = await get(`/${token}/appointments`)
    expect([page.status, await page.text()]).toEqual([200, expect.not.stringContaining('Petit')])
    expect((await app.request(`/${token}/appointments`, { method: 'HEAD' })).status).toBe(200)
    expect(await dump()).toBe(before)
  })

  test('are listed by day, hour, professional and how one comes', async () => {
    const { list } = await told()
    const page = await list()
    expect(page).toContain('Jeudi 3 décembre à 9')
    expect(page).toContain('avec Marc Petit, à la clinique')
    for (const trace of ['CONSULT', 'A2', '1979', 'Roy']) expect(page).not.toContain(trace)
  })

  test('open, each under a new private address', async () => {
    const { list, post, get, token } = await told()
    const opened = await post(`/${token}/appointments/open`, fieldsIn(await list()))
    expect(opened.status).toBe(303)
    const place = opened.headers.get('location') ?? ''
    expect(place).toMatch(/^\.\.\/\.\.\/[A-Za-z0-9_-]{22}\?lang=fr$/)
    const page = await (await get(place.slice(5))).text()
    expect(page).toContain('Marc Petit')
    expect(place).not.toContain(token)
  })

  test('do not open without a pass, with another link’s, or after half an hour', async () => {
    const { list, post, token, clock } = await told()
    const fields = fieldsIn(await list())
    const open = async (more: Record<string, string>) =>
      (await post(`/${token}/appointments/open`, { ...fields, ...more })).headers.get('location')
    expect(await open({ pass: '' })).toBe('../appointments?lang=fr')
    expect(await open({ pass: token })).toBe('../appointments?lang=fr')
    expect(await open({ which: 'A'.repeat(22) })).toBe('../appointments?lang=fr')
    clock.advance({ minutes: 30 })
    expect(await open({})).toBe('../appointments?lang=fr')
  })

  test('D21: a motif that is off takes its appointments off the list, and on brings them back', async () => {
    const motifs = { CONSULT: motifSettings({ notify: false, listed: false }) }
    const { list, store, clock, settings } = await told()
    await store.transact((tx) => tx.settings.save({ ...settings, version: 2, motifs }, clock.now()))
    expect(await list()).toContain('Aucun autre rendez-vous')
    await store.transact((tx) => tx.settings.save({ ...settings, version: 3 }, clock.now()))
    expect(await list()).toContain('Marc Petit')
  })

  test('there are none: it says so', async () => {
    const { list, hear, second } = await told()
    await hear({ ...second, stamp: { at: start.subtract({ hours: 30 }) }, status: { value: 'cancelled' } })
    expect(await list()).toContain('Aucun autre rendez-vous')
  })
})

describe('a birth date that is not the patient’s', () => {
  test('lists nothing, and the fifth wrong one closes for an hour, the right one too; the words are the same', async () => {
    const { ask, clock, token } = await told()
    const plain = async (fields: Record<string, string>) => {
      const response = await ask(fields)
      return [response.status, (await response.text()).replaceAll(token, '')]
    }
    const refusals = []
    for (let guess = 0; guess < 5; guess += 1) refusals.push(await plain(wrong))
    refusals.push(await plain(born))
    expect(new Set(refusals.map(([, text]) => text)).size).toBe(1)
    expect(refusals[0]?.[0]).toBe(422)
    clock.advance({ minutes: 59 })
    expect((await ask(born)).status).toBe(422)
    clock.advance({ minutes: 1 })
    expect((await ask(born)).status).toBe(200)
  })

  test('one that nobody could have been born on is asked again, and is no guess', async () => {
    const { ask } = await told()
    for (let guess = 0; guess < 9; guess += 1) {
      const page = await (await ask({ day: '31', month: '2', year: '1979' })).text()
      expect(page).toContain('en chiffres')
    }
    expect((await ask(born)).status).toBe(200)
  })

  test('of somebody whose birth date nobody knows: refused in the same words', async () => {
    const known = await told()
    const { birthDate: _, ...stranger } = patient
    const unknown = await openRappel({ now: '2026-11-25T13:00:00Z' })
    await unknown.hear(bookedChange({ patient: stranger }))
    await unknown.send()
    const token = unknown.lastToken()
    const refusal = await unknown.post(`/${token}/appointments`, born)
    expect([refusal.status, (await refusal.text()).replaceAll(token, '')]).toEqual([
      422,
      (await known.list(wrong)).replaceAll(known.token, ''),
    ])
  })

  test('another link of the same patient has its own five', async () => {
    const { ask, post, email, hear, send } = await told()
    for (let guess = 0; guess < 5; guess += 1) await ask(wrong)
    await hear(bookedChange({ patient, time: { start: start.add({ minutes: 30 }) } }, 5))
    await send()
    const other = /[A-Za-z0-9_-]{22}$/.exec(email.sent.at(-1)?.words.action.url ?? '')?.[0]
    expect((await post(`/${other}/appointments`, born)).status).toBe(200)
  })

  test('typed by ten at once counts ten times', async () => {
    const { ask } = await told()
    await Promise.all(Array.from({ length: 10 }, () => ask(wrong)))
    expect((await ask(born)).status).toBe(422)
  })

  test('is in no log, and in the audit without the date (R25, R31)', async () => {
    const { ask, lines, read } = await told()
    await ask(wrong)
    await ask(born)
    const rows = await read((tx) => tx.audit.of('tilleuls:P1', 5))
    expect(rows.map(({ actor, action }) => `${actor} ${action}`)).toEqual(['patient appointments.listed', 'patient appointments.refused'])
    expect(JSON.stringify([rows, lines])).not.toMatch(/1979|04-1[23]/)
  })
})

test.each(['appointments', 'appointments/open', 'choices'])('a link that opens nothing asks for nothing: POST %s', async (page) => {
  const { post, token, clock, dump } = await told()
  clock.set('2026-12-26T14:40:00Z')
  const before = await dump()
  const [expired, never] = [await post(`/${token}/${page}`, born), await post(`/${'A'.repeat(22)}/${page}`, born)]
  expect([expired.status, await expired.text()]).toEqual([404, await never.text()])
  expect(await dump()).toBe(before)
})

test.each(['appointments', 'choices', 'data'])('a link that opens nothing shows nothing: GET %s', async (page) => {
  const { get, token, clock } = await told({ settings: clinicSettings() })
  clock.set('2026-12-26T14:40:00Z')
  const [expired, never] = [await get(`/${token}/${page}`), await get(`/${'A'.repeat(22)}`)]
  expect([expired.status, await expired.text()]).toEqual([404, await never.text()])
})
