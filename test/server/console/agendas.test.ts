import { describe, expect, it, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { formIn, press, wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/agendas'

const twoAgendas: Partial<Settings> = {
  agendas: {
    moreau: { ...agendaSettings(), label: 'Dre Claire Moreau', siteId: 'main' },
    labo: { ...agendaSettings(), label: 'Prélèvements' },
  },
}

async function openConsole(overrides: Partial<Settings> = twoAgendas, role: Role = 'admin') {
  const rappel = await openRappel({ settings: clinicSettings(overrides) })
  const headers = signedIn(role)
  const send = (body: URLSearchParams) => rappel.app.request(path, { method: 'POST', body, headers })
  return {
    ...rappel,
    open: async (query = '') => await (await rappel.get(`${path}${query}`, headers)).text(),
    send,
    /** Presses a button of a page, as a browser without script. */
    press: (html: string, button: string, boxes: readonly string[] = []) => send(press(formIn(html, path), button, boxes)),
    follow: async (answer: Response) => await (await rappel.get(answer.headers.get('location') ?? '', headers)).text(),
    current: () => rappel.read((tx) => tx.settings.current('tilleuls')),
  }
}

const smsReminder = (agenda: string) => `SMS, SMS de rappel, ${agenda}`

describe('the agenda table', () => {
  test('D6: rows are agendas, columns kinds × channels; one of them is SMS de rappel', async () => {
    const page = await (await openConsole()).open()
    expect(wordsOf(page)).toContain('SMS de rappel')
    const { boxes } = formIn(page, path)
    expect(boxes.size).toBe(18)
    expect(boxes.get('E-mail, Confirmation, Dre Claire Moreau')).toMatchObject({ checked: true })
  })

  test('D7: nothing changes before Valider; then all edits apply together, and a sentence says what is now true (D19)', async () => {
    const { open, press, follow, current } = await openConsole()
    const drawn = await press(await open(), 'Voir l’impact', [smsReminder('Prélèvements'), smsReminder('Dre Claire Moreau')])
    expect(drawn.status).toBe(200)
    const page = await drawn.text()
    expect(wordsOf(page)).toContain('2 modifications non enregistrées.')
    expect((await current())?.version).toBe(1)

    const answer = await press(page, 'Valider')
    expect(answer.status).toBe(303)
    const saved = await current()
    expect(saved?.version).toBe(2)
    expect(saved?.agendas.labo?.switches.sms).toEqual({ confirmation: true, reminder: false, change: true })
    expect(saved?.agendas.moreau?.switches.sms.reminder).toBe(false)
    expect(wordsOf(await follow(answer))).toContain('SMS, SMS de rappel : coupé pour Dre Claire Moreau et Prélèvements.')
  })

  test('D7: Tout rétablir leaves everything as it was', async () => {
    const { open, press, follow, current } = await openConsole()
    const edited = await (await press(await open(), 'Voir l’impact', [smsReminder('Prélèvements')])).text()
    const page = await follow(await press(edited, 'Tout rétablir'))
    expect(formIn(page, path).boxes.get(smsReminder('Prélèvements'))).toMatchObject({ checked: true })
    expect((await current())?.version).toBe(1)
  })

  test('D7a: where e-mail and SMS are off, push cannot be moved, and what it was is kept', async () => {
    const { open, press, current } = await openConsole()
    const off = ['E-mail, Rappel, Prélèvements', smsReminder('Prélèvements')]
    const page = await (await press(await open(), 'Voir l’impact', off)).text()
    expect(formIn(page, path).boxes.get('Push, Rappel, Prélèvements')).toMatchObject({ disabled: true, checked: false })
    await press(page, 'Valider')
    expect((await current())?.agendas.labo?.switches.push.reminder).toBe(true)
  })

  test('D8: Tous and Aucun of a column are of every agenda of the filter, and need no script', async () => {
    const { open, press, current } = await openConsole()
    const none = await (await press(await open(), 'Aucun : couper SMS, SMS de rappel pour les 2 agendas')).text()
    const all = formIn(none, path)
    expect([...all.boxes].filter(([name, { checked }]) => name.startsWith('SMS, SMS de rappel') && checked)).toEqual([])
    expect(all.buttons.has('Tous : activer SMS, SMS de rappel pour les 2 agendas')).toBe(true)
    await press(none, 'Valider')
    const saved = await current()
    expect([saved?.agendas.labo?.switches.sms.reminder, saved?.agendas.moreau?.switches.sms.reminder]).toEqual([false, false])
  })

  test('D6: the version that was read is the version that is edited; of two, both are shown and nothing is merged', async () => {
    const { open, press, send, store, clock, current, settings } = await openConsole()
    const mine = await open()
    const theirs: Settings = {
      ...settings,
      version: 2,
      agendas: { ...settings.agendas, moreau: { ...agendaSettings({ sms: false }), label: 'Dre Claire Moreau' } },
    }
    await store.transact((tx) => tx.settings.save(theirs, clock.now()))

    const answer = await press(mine, 'Valider', [smsReminder('Prélèvements')])
    expect(answer.status).toBe(409)
    const conflict = await answer.text()
    expect(wordsOf(conflict)).toContain('Quelqu’un d’autre a enregistré la version 2')
    expect(wordsOf(conflict)).toContain('Dre Claire Moreau SMS, SMS de rappel Activé Coupé')
    expect((await current())?.version).toBe(2)

    const form = formIn(conflict, path)
    const carried = await (
      await send(new URLSearchParams([...form.fields.map(([name, value]) => [name, value] as [string, string]), ['do', 'take']]))
    ).text()
    await press(carried, 'Valider')
    const saved = await current()
    expect(saved?.version).toBe(3)
    expect([saved?.agendas.labo?.switches.sms.reminder, saved?.agendas.moreau?.switches.sms.confirmation]).toEqual([false, false])
  })

  test('D4: whoever may not change it reads words in the place of switches, and is refused', async () => {
    const { open, send } = await openConsole(twoAgendas, 'appointments')
    const page = await open()
    expect(page).not.toContain('type="checkbox"')
    expect(wordsOf(page)).toContain('Activé')
    expect((await send(new URLSearchParams({ version: '1', do: 'save' }))).status).toBe(403)
  })

  test('D1: settings that are read-only are read by an administrator too', async () => {
    const { open } = await openConsole({ ...twoAgendas, settingsEnabled: false })
    const page = await open()
    expect(page).not.toContain('type="checkbox"')
    expect(wordsOf(page)).toContain('en lecture seule')
  })

  it('keeps what was edited while one pages and searches through a thousand agendas', async () => {
    const agendas = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [
        `a${index}`,
        { ...agendaSettings(), label: `Agenda ${String(index).padStart(4, '0')}` },
      ]),
    )
    const { open, press, send, current } = await openConsole({ agendas })
    const first = await open()
    expect(formIn(first, path).boxes.size).toBe(50 * 9)
    const second = await (await press(first, 'Page suivante', [smsReminder('Agenda 0001')])).text()
    expect(wordsOf(second)).toContain('Page 2 sur 20')
    expect(wordsOf(second)).toContain('1 modification non enregistrée.')
    const form = formIn(second, path)
    const found = await (
      await send(
        new URLSearchParams([...form.fields.map(([name, value]) => [name, value] as [string, string]), ['q', '0999'], ['do', 'filter']]),
      )
    ).text()
    expect(formIn(found, path).boxes.size).toBe(9)
    await press(found, 'Valider', ['E-mail, Rappel, Agenda 0999'])
    const saved = await current()
    expect([saved?.agendas.a1?.switches.sms.reminder, saved?.agendas.a999?.switches.email.reminder]).toEqual([false, false])
  })

  it('says before it is saved whom it would leave without a channel, by the function that decides', async () => {
    const { open, press, hear, current } = await openConsole()
    await hear(bookedChange())
    const none = ['E-mail', 'SMS'].flatMap((channel) =>
      ['Confirmation', channel === 'SMS' ? 'SMS de rappel' : 'Rappel', 'Changement'].map(
        (column) => `${channel}, ${column}, Dre Claire Moreau`,
      ),
    )
    const asked = await press(await open(), 'Valider', none)
    expect(asked.status).toBe(422)
    const page = await asked.text()
    expect(wordsOf(page)).toContain('Un patient n’aurait plus aucun canal.')
    expect(wordsOf(page)).toMatch(/SMS − 1 1 → 0 en 30 jours/)
    expect((await current())?.version).toBe(1)
    await press(page, 'Valider')
    expect((await current())?.version).toBe(2)
  })

  test('an agenda whose name at the EHR is a reference opens like any other', async () => {
    const { get } = await openConsole({ agendas: { 'Practitioner/1': { ...agendaSettings(), label: 'Dre Roy' } } })
    const address = /<a href="([^"]+)">Dre Roy<\/a>/.exec(await (await get(path, signedIn('reader'))).text())?.[1] ?? ''
    expect(await (await get(address, signedIn('reader'))).text()).toContain('<code>Practitioner/1</code>')
  })

  test('D5: from the agenda, by the gear, to the table', async () => {
    const { get } = await openConsole()
    const read = async (address: string) => await (await get(address, signedIn('admin'))).text()
    const linkTo = (page: string, name: string) => new RegExp(`<a href="([^"]+)">${name}</a>`).exec(page)?.[1] ?? `no ${name}`
    const agenda = await read(linkTo(await read(path), 'Dre Claire Moreau'))
    const hub = await read(linkTo(agenda, 'Messagerie patients et communication'))
    expect(linkTo(hub, 'Communications liées aux rendez-vous')).toBe(path)
  })
})
