import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import { agendaSettings, clinicSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { formIn, press, wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/versions'

async function openVersions(role: Role = 'admin') {
  const rappel = await openRappel()
  const second = clinicSettings({ version: 2, agendas: { moreau: agendaSettings({ sms: false }) } })
  await rappel.store.transact((tx) => tx.settings.save(second, rappel.clock.now(), 'console'))
  const headers = signedIn(role)
  return {
    ...rappel,
    open: async (address: string) => await (await rappel.get(address, headers)).text(),
    send: (address: string, body: URLSearchParams) => rappel.app.request(address, { method: 'POST', body, headers }),
    current: () => rappel.read((tx) => tx.settings.current('tilleuls')),
  }
}

describe('the versions of the settings', () => {
  test('what each has changed, in words', async () => {
    const { open } = await openVersions()
    expect(wordsOf(await open(path))).toContain('Version 2 En service')
    expect(wordsOf(await open(`${path}/2`))).toContain('Agenda « moreau », SMS · rappel oui non')
  })

  test('going back makes a new version, and says so', async () => {
    const { open, send, current } = await openVersions()
    const back = `${path}/1/rollback`
    const answer = await send(back, press(formIn(await open(`${path}/1`), back), 'Revenir à la version 1'))
    expect(answer.status).toBe(303)
    expect((await current())?.version).toBe(3)
    expect((await current())?.agendas.moreau?.switches.sms.reminder).toBe(true)
    expect(wordsOf(await open(answer.headers.get('location') ?? ''))).toContain('retour à la version 1')
  })

  test('the document that is downloaded is one that can be taken', async () => {
    const { open, send, current } = await openVersions()
    const yaml = await open(`${path}/export`)
    const form = formIn(await open(path), `${path}/import`)
    const preview = press(form, 'Voir ce qui changerait', [], { document: yaml.replace('dailyCap: 6', 'dailyCap: 4') })
    const page = await (await send(`${path}/import`, preview)).text()
    expect(wordsOf(page)).toContain('1 réglage changé')
    expect((await current())?.version).toBe(2)
    await send(`${path}/import`, press(formIn(page, `${path}/import`), 'Enregistrer'))
    expect(await current()).toMatchObject({ version: 3, dailyCap: 4 })
  })

  test('a document with faults says all of them at once, and keeps what was typed', async () => {
    const { open, send } = await openVersions()
    const yaml = (await open(`${path}/export`))
      .replace('dailyCap: 6', 'dailyCap: many')
      .replace('communications: true', 'communications: often')
    const answer = await send(`${path}/import`, new URLSearchParams({ version: '2', document: yaml, do: 'save' }))
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(wordsOf(page)).toContain('/dailyCap')
    expect(wordsOf(page)).toContain('/communications')
    expect(wordsOf(page)).toContain('dailyCap: many')
  })

  test('D4: a secretary reads them, and takes none back', async () => {
    const { open, send } = await openVersions('appointments')
    expect(await open(`${path}/1`)).not.toContain('Revenir à')
    expect((await send(`${path}/1/rollback`, new URLSearchParams({ version: '2' }))).status).toBe(403)
  })
})
