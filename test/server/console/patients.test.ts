import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { bookedChange, clinicSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { formIn, press, wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/patients'
const anne = `${path}/tilleuls%3AP1`

async function openPatients(role: Role = 'appointments', overrides: Partial<Settings> = {}) {
  const rappel = await openRappel({ settings: clinicSettings(overrides), now: '2026-11-20T15:00:00Z' })
  await rappel.hear(bookedChange({ patient: { ...bookedChange().patient, ehrId: 'P1', birthDate: '1961-05-04' } }))
  const headers = signedIn(role)
  return {
    ...rappel,
    open: async (address: string) => await (await rappel.get(address, headers)).text(),
    send: (address: string, body: URLSearchParams) => rappel.app.request(address, { method: 'POST', body, headers }),
    search: async (typed: string) =>
      wordsOf(await (await rappel.app.request(path, { method: 'POST', body: new URLSearchParams({ typed }), headers })).text()),
    current: () => rappel.read((tx) => tx.settings.current('tilleuls')),
  }
}

describe('the patients', () => {
  test.each([
    ['the beginning of a name', 'roy'],
    ['a whole name, without accents', 'Anne Roy'],
    ['a birth date, the day first', '04/05/1961'],
    ['a phone as it is dialled here', '418 555-0177'],
    ['a number in the EHR', 'P1'],
  ])('%s finds a patient', async (_, typed) => {
    const { search } = await openPatients()
    expect(await search(typed)).toContain('Anne Roy')
  })

  test('who is not there is not found, and it says how to search', async () => {
    const { search } = await openPatients()
    expect(await search('zzz')).toContain('Personne ne correspond')
  })

  test('nothing of a patient is in a title or an address but the opaque id', async () => {
    const { open, search } = await openPatients()
    await search('Anne Roy')
    for (const page of [await open(anne), await open(`${anne}/history`)]) {
      expect(/<title>(.*)<\/title>/.exec(page)?.[1]).not.toMatch(/Anne|Roy/)
      expect(page).not.toMatch(/href="[^"]*(Anne|Roy)/)
    }
  })

  test('D24: patient file, Coordonnées, foot of the page, one switch, Enregistrer les modifications', async () => {
    const { open, send, current } = await openPatients()
    const page = await open(anne)
    expect(page).toContain('aria-current="page">Coordonnées')
    expect(page.lastIndexOf('Envoi de SMS et emails activés')).toBeGreaterThan(page.lastIndexOf('Téléphones et adresses'))
    const form = `${anne}/notifications`
    const answer = await send(form, press(formIn(page, form), 'Enregistrer les modifications', ['Envoi de SMS et emails activés']))
    expect((await current())?.patients).toEqual({ 'tilleuls:P1': { notify: false } })
    const after = await open(answer.headers.get('location') ?? '')
    expect(wordsOf(after)).toContain('n’est plus averti des rendez-vous pris par le secrétariat')
    await send(form, press(formIn(after, form), 'Enregistrer les modifications', ['Envoi de SMS et emails activés']))
    expect((await current())?.patients).toEqual({})
  })

  test('D23: a reader sees how it is, masked, and is refused', async () => {
    const { open, send } = await openPatients('reader')
    const page = await open(anne)
    expect(page).not.toContain('role="switch"')
    expect(wordsOf(page)).toContain('Envoi de SMS et emails activés : Activées')
    expect(page).not.toContain('anne.roy@')
    expect((await send(`${anne}/notifications`, new URLSearchParams())).status).toBe(403)
  })

  test('gate 7: a consent and a stop are of the contact that messages would go to', async () => {
    const { open, send, read } = await openPatients()
    const form = `${anne}/channels`
    await send(form, press(formIn(await open(anne), form), 'Retirer le consentement : SMS'))
    await send(form, press(formIn(await open(anne), form), 'Arrêter à sa demande : E-mail'))
    const page = wordsOf(await open(anne))
    expect(page).toContain('Consentement : Retiré')
    expect(page).toContain('Arrêté par le patient')
    expect((await read((tx) => tx.audit.of('tilleuls:P1', 10))).map(({ action, actor }) => [action, actor])).toContainEqual([
      'consent.withdrawn',
      expect.stringContaining('appointments'),
    ])
  })

  test('what they have ahead, and what they were told, with the way to why', async () => {
    const { open } = await openPatients()
    const page = await open(`${anne}/history`)
    expect(wordsOf(page)).toContain('Rendez-vous à venir')
    expect(wordsOf(page)).toContain('SMS de rappel Planifié')
    expect(page).toContain('/console/clinics/tilleuls/appointments/tilleuls%3AA1')
  })

  test('R39: an erasure says first what would go, and needs an administrator', async () => {
    const { open, send, read } = await openPatients('admin')
    const form = `${anne}/erasure`
    const asked = await (await send(form, press(formIn(await open(anne), form), 'Préparer l’effacement'))).text()
    expect(wordsOf(asked)).toContain('1 rendez-vous seraient oubliés, dont 1 à venir.')
    expect(await read((tx) => tx.erasures.confirmed(10))).toEqual([])
    const answer = await send(form, press(formIn(asked, form), 'Effacer ce patient'))
    expect(answer.headers.get('location')).toBe(`${path}?done=erased`)
    expect(await read((tx) => tx.erasures.confirmed(10))).toHaveLength(1)
    const { open: openAsSecretary } = await openPatients()
    expect(await openAsSecretary(anne)).not.toContain('Préparer l’effacement')
  })

  test('another clinic’s patient is nobody', async () => {
    const { open } = await openPatients()
    expect(wordsOf(await open(`${path}/other%3AP1`))).toContain('Page introuvable')
  })
})
