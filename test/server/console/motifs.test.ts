import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { bookedChange, clinicSettings, motifSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { formIn, press, wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/motifs'

const motifs: Settings['motifs'] = {
  CONSULT: motifSettings({ label: 'Première consultation', specialty: 'Médecine générale', category: 'Consultations' }),
  SUIVI: motifSettings({ label: 'Suivi', specialty: 'Médecine générale', category: 'Suivis' }),
  PSY: motifSettings({ label: 'Psychothérapie', specialty: 'Psychologie', category: 'Suivis', notify: false, listed: false }),
}

async function openConsole(role: Role = 'admin', overrides: Partial<Settings> = {}) {
  const rappel = await openRappel({ settings: clinicSettings({ motifs, ...overrides }) })
  const headers = signedIn(role)
  const read = async (address: string) => await (await rappel.get(address, headers)).text()
  const send = (address: string, body: URLSearchParams) => rappel.app.request(address, { method: 'POST', body, headers })
  return {
    ...rappel,
    read,
    send,
    follow: (answer: Response) => read(answer.headers.get('location') ?? ''),
    current: () => rappel.read((tx) => tx.settings.current('tilleuls')),
  }
}

const linkTo = (page: string, name: string) => {
  const found = new RegExp(`<a href="([^"]+)"[^>]*>${name}</a>`).exec(page)?.[1]
  if (!found) throw new Error(`no link ${name}`)
  return found.replaceAll('&amp;', '&')
}

/** Presses radios and boxes of the motif's form, then Enregistrer. */
function saved(page: string, address: string, chosen: Readonly<Record<string, string>>): URLSearchParams {
  return press(formIn(page, address), 'Enregistrer', [], chosen)
}

describe('the motifs', () => {
  test('D14b: gear, Gestion des rendez-vous, Motifs de consultation, specialty and category, Tous les agendas, Modifier, Non, Enregistrer', async () => {
    const { read, send, follow, current } = await openConsole()
    const agenda = await read('/console/clinics/tilleuls/agendas/moreau')
    const hub = await read(linkTo(agenda, 'Gestion des rendez-vous'))
    await read(linkTo(hub, 'Motifs de consultation'))
    const filtered = await read(`${path}?${new URLSearchParams({ specialty: 'Médecine générale', category: 'Suivis' })}`)
    expect(wordsOf(filtered)).toContain('Suivi')
    expect(filtered).not.toContain('Psychothérapie')
    const everyAgenda = await read(linkTo(filtered, 'Tous les agendas'))
    const address = linkTo(everyAgenda, 'Modifier')
    const answer = await send(address, saved(await read(address), address, { notifications: 'no' }))
    expect((await current())?.motifs.SUIVI).toMatchObject({ notify: false, listed: false, type: 'onsite' })

    const after = wordsOf(await follow(answer))
    expect(after, 'D19: a sentence says what is now true').toContain('Personne n’est plus averti des rendez-vous « Suivi »')
    expect(after, 'D18').toContain('Désactivé')
    expect(wordsOf(await read(path)), 'D18').toContain('Suivi Désactivé')
  })

  test('D19: nothing changes before Enregistrer, and an unsaved edit carries a tag (D18)', async () => {
    const { read, send, current } = await openConsole()
    const address = `${path}/SUIVI`
    const page = await (
      await send(address, press(formIn(await read(address), address), 'Voir l’impact', [], { notifications: 'no' }))
    ).text()
    expect(page).toMatch(/<span id="edited"><span class="tag warn">Modifié, non enregistré/)
    expect((await current())?.version).toBe(1)
  })

  test('D21: on again, it is in the patient’s list again', async () => {
    const { read, send, current } = await openConsole()
    const address = `${path}/PSY`
    await send(address, saved(await read(address), address, { notifications: 'yes' }))
    expect((await current())?.motifs.PSY).toMatchObject({ notify: true, listed: true })
  })

  test('O4: Aucune communication automatisée silences, and leaves it in the list', async () => {
    const { read, send, current } = await openConsole()
    const address = `${path}/SUIVI`
    await send(address, saved(await read(address), address, { type: 'none' }))
    expect((await current())?.motifs.SUIVI).toMatchObject({ type: 'none', notify: false, listed: true })
    await send(address, saved(await read(address), address, { type: 'video' }))
    expect((await current())?.motifs.SUIVI).toMatchObject({ type: 'video', notify: true, listed: true })
  })

  test('O16: a questionnaire is an address, or one of the clinic; else it says how to answer, and keeps what was typed', async () => {
    const { read, send, current } = await openConsole()
    const address = `${path}/SUIVI`
    const answer = await send(address, saved(await read(address), address, { questionnaire: 'http://example.org' }))
    expect(answer.status).toBe(422)
    expect(formIn(await answer.text(), address).fields).toContainEqual(['questionnaire', 'http://example.org'])
    await send(address, saved(await read(address), address, { questionnaire: 'https://example.org/q' }))
    expect((await current())?.motifs.SUIVI).toMatchObject({ questionnaire: 'https://example.org/q' })
  })

  test('D16, D20: several at once, for all agendas, by whatever way they were booked', async () => {
    const { read, send, follow, current } = await openConsole()
    const list = await read(path)
    const asked = await (
      await send(path, press(formIn(list, path), 'Couper les notifications', ['Choisir : Suivi', 'Choisir : Première consultation']))
    ).text()
    expect(wordsOf(asked)).toContain('Notifications de 2 motifs : Non')
    expect((await current())?.version).toBe(1)
    const answer = await send(path, press(formIn(asked, path), 'Enregistrer'))
    expect(wordsOf(await follow(answer))).toContain('Personne n’est plus averti de 2 motifs, pour tous les agendas.')
    const { motifs: now = {} } = (await current()) ?? {}
    expect(Object.entries(now).map(([key, { notify }]) => [key, notify])).toEqual([
      ['CONSULT', false],
      ['SUIVI', false],
      ['PSY', false],
    ])
  })

  test('whoever would lose their last channel is shown first', async () => {
    const { read, send, hear, current } = await openConsole()
    await hear(bookedChange())
    const address = `${path}/CONSULT`
    const answer = await send(address, saved(await read(address), address, { notifications: 'no' }))
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(wordsOf(page)).toContain('Un patient n’aurait plus aucun canal.')
    await send(address, press(formIn(page, address), 'Enregistrer', [], { notifications: 'no' }))
    expect((await current())?.motifs.CONSULT).toMatchObject({ notify: false })
  })

  test('D6: of two who edit, the second is shown both versions, and nothing is merged', async () => {
    const { read, send, current } = await openConsole()
    const address = `${path}/SUIVI`
    const [mine, theirs] = [await read(address), await read(`${path}/PSY`)]
    await send(`${path}/PSY`, saved(theirs, `${path}/PSY`, { notifications: 'yes' }))
    const answer = await send(address, saved(mine, address, { notifications: 'no' }))
    expect(answer.status).toBe(409)
    expect(wordsOf(await answer.text())).toContain('Motif « Psychothérapie », notifications non oui')
    expect((await current())?.motifs.SUIVI?.notify).toBe(true)
  })

  test('D14: whoever is no administrator reads words, and is refused', async () => {
    const { read, send } = await openConsole('appointments')
    expect(formsOf(await read(path))).toBe(0)
    expect(formsOf(await read(`${path}/SUIVI`))).toBe(0)
    expect((await send(`${path}/SUIVI`, new URLSearchParams({ version: '1', do: 'save' }))).status).toBe(403)
  })
})

const formsOf = (page: string) => page.match(/<form[^>]*method="post"/g)?.length ?? 0
