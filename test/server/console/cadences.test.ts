import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import { clinicSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { formIn, press, wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/cadences'

async function openCadences(role: Role = 'admin') {
  const rappel = await openRappel({ settings: clinicSettings() })
  const headers = signedIn(role)
  const open = async (address = path) => await (await rappel.get(address, headers)).text()
  return {
    ...rappel,
    open,
    choose: async (typed: Readonly<Record<string, string>>, button = 'Enregistrer') =>
      rappel.app.request(path, { method: 'POST', body: press(formIn(await open(), path), button, [], typed), headers }),
    current: () => rappel.read((tx) => tx.settings.current('tilleuls')),
  }
}

describe('the cadences', () => {
  test('both built-in ones step by step, in words, and which is in use', async () => {
    const page = wordsOf(await (await openCadences('reader')).open())
    expect(page).toContain('Ofys En service')
    expect(page).toContain('Rappel avant la visite 36 heures avant le rendez-vous, e-mail et SMS')
    expect(page).toContain('Rappel 2 jours avant, à 13 h, SMS')
    expect(page).toContain('si le rendez-vous est pris plus tard que la veille à 13 h')
  })

  test('another is chosen, and it says so', async () => {
    const { choose, open, current } = await openCadences()
    const answer = await choose({ choice: 'doctolib' })
    expect((await current())?.cadence.name).toBe('doctolib')
    expect(wordsOf(await open(answer.headers.get('location') ?? ''))).toContain('cadence Doctolib')
  })

  test('the clinic’s own is a list of steps', async () => {
    const { choose, open, current } = await openCadences()
    await choose({
      choice: 'own',
      own: '- daysBefore: 1\n  at: "13:00"\n  kind: reminder\n  channels: [sms]\n',
      from: '22:00',
      until: '07:00',
    })
    expect((await current())?.cadence.steps.map(({ name, channels }) => [name, channels])).toEqual([['D1T1300', ['sms']]])
    expect(String((await current())?.quietHours?.from)).toBe('22:00:00')
    expect(wordsOf(await open())).toContain('Rappel la veille à 13 h, SMS')
  })

  test('all faults at once, and what was typed stays', async () => {
    const { choose, current } = await openCadences()
    const answer = await choose({ choice: 'own', own: '- before: soon\n- daysBefore: 90\n  at: "13:00"\n', from: '22:00', until: '' })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(wordsOf(page)).toMatch(/[3-9] réponses sont à revoir/)
    expect(page).toContain('- before: soon')
    expect((await current())?.version).toBe(1)
  })

  test('D4: a secretary reads them, and chooses none', async () => {
    const { open, app } = await openCadences('appointments')
    expect(await open()).not.toContain('method="post"')
    expect((await app.request(path, { method: 'POST', headers: signedIn('appointments') })).status).toBe(403)
  })
})
