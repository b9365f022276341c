import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/access.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { Language } from '../../src/core/words/language.ts'
import { agendaSettings, bookedChange, clinicSettings, motifSettings } from '../support/clinic.ts'
import { cookieOf } from '../support/console.ts'
import { openRappel } from '../support/rappel.ts'
import { faultsEverywhere } from './axe.ts'
import { follow, launchChromium, openPhone, picture } from './chromium.ts'
import { serveApp } from './served.ts'

let browser: Browser
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => context?.close())
afterAll(() => browser?.close())

const settings: Partial<Settings> = {
  agendas: {
    moreau: { ...agendaSettings(), label: 'Dre Claire Moreau', siteId: 'main' },
    labo: { ...agendaSettings(), label: 'Prélèvements', siteId: 'main' },
  },
  motifs: {
    CONSULT: motifSettings({ label: 'Première consultation', specialty: 'Médecine générale', category: 'Consultations' }),
    SUIVI: motifSettings({ label: 'Suivi', specialty: 'Médecine générale', category: 'Suivis' }),
    PSY: motifSettings({ label: 'Psychothérapie', specialty: 'Psychologie', category: 'Suivis', notify: false, listed: false }),
  },
}

const clinic = '/console/clinics/tilleuls'

/** A computer at the front desk, signed in. */
async function openDesk(role: Role, { language = 'fr' as Language, script = true } = {}) {
  const rappel = await openRappel({ settings: clinicSettings(settings), now: '2026-11-20T15:00:00Z' })
  await rappel.hear(bookedChange())
  const signedIn = (request: Request) => {
    const headers = new Headers(request.headers)
    headers.set('cookie', [cookieOf(role), headers.get('cookie')].filter(Boolean).join('; '))
    return rappel.app.fetch(new Request(request, { headers }))
  }
  const { url, close } = await serveApp({ fetch: signedIn })
  context = await openPhone(browser, { language, script, width: 1366, height: 900 })
  context.on('close', () => void close())
  const page = await context.newPage()
  await page.goto(`${url}${clinic}/agendas`)
  return { page, url, current: () => rappel.read((tx) => tx.settings.current('tilleuls')) }
}

const said = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ')

const words = {
  fr: {
    communication: 'Messagerie patients et communication',
    communications: 'Communications liées aux rendez-vous',
    smsReminder: 'SMS, SMS de rappel, Prélèvements',
    mails: ['E-mail, Rappel, Prélèvements', 'Push, Rappel, Prélèvements'],
    save: 'Valider',
    truth: 'SMS, SMS de rappel : coupé pour Prélèvements.',
    one: '1 modification non enregistrée.',
  },
  en: {
    communication: 'Patient messages and communication',
    communications: 'Messages about appointments',
    smsReminder: 'Text, Text reminders, Prélèvements',
    mails: ['E-mail, Reminder, Prélèvements', 'Push, Reminder, Prélèvements'],
    save: 'Save',
    truth: 'Text, Text reminders: off for Prélèvements.',
    one: '1 unsaved edit.',
  },
} as const

describe.each([
  ['fr', true],
  ['fr', false],
  ['en', true],
  ['en', false],
] as const)('in %s, scripts %s', (language, script) => {
  const say = words[language]

  test('D5–D8, D19: from the agenda by its gear to the table; SMS de rappel off; Valider', async () => {
    const { page, current } = await openDesk('admin', { language, script })
    await page.getByRole('link', { name: 'Dre Claire Moreau' }).click()
    await page.locator('summary').first().click()
    await page.getByRole('link', { name: say.communication }).click()
    await page.getByRole('link', { name: say.communications }).click()
    const bar = page.locator('.savebar')
    if (script) expect(await bar.isVisible(), 'no bar before the first edit').toBe(false)
    await page.getByRole('switch', { name: say.smsReminder }).click()
    if (script) {
      expect(await bar.innerText()).toContain(say.one)
      const [mail, push] = say.mails
      await page.getByRole('switch', { name: mail }).click()
      expect(await page.getByRole('switch', { name: push }).isDisabled(), 'D7a').toBe(true)
      await page.getByRole('switch', { name: mail }).click()
      expect(await page.getByRole('switch', { name: push }).isDisabled()).toBe(false)
    }
    expect((await current())?.version).toBe(1)
    await page.getByRole('button', { name: say.save, exact: true }).click()
    expect((await said(page)).replaceAll(/[\u00a0\u202f]/g, ' ')).toContain(say.truth)
    expect((await current())?.agendas.labo?.switches.sms.reminder).toBe(false)
    await picture(page, `console-agendas-${language}-${script ? 'script' : 'plain'}`)
  })
})

test.each([true, false])('D14b, D18, D19: a motif is switched off for all agendas, scripts %s', async (script) => {
  const { page, current } = await openDesk('admin', { script })
  await page.getByRole('link', { name: 'Dre Claire Moreau' }).click()
  await page.locator('summary').first().click()
  await page.getByRole('link', { name: 'Gestion des rendez-vous' }).click()
  await page.getByRole('link', { name: 'Motifs de consultation' }).click()
  await page.locator('#specialty').selectOption('Médecine générale')
  await page.locator('#category').selectOption('Suivis')
  await follow(page.getByRole('button', { name: 'Filtrer' }))
  await page.getByRole('link', { name: 'Tous les agendas' }).click()
  await picture(page, 'console-motifs')
  await page.getByRole('link', { name: /^Modifier/ }).click()
  await page
    .getByRole('group', { name: /Notifications/ })
    .getByLabel('Non')
    .check()
  if (script) expect(await page.locator('#edited').isVisible(), 'D18: an unsaved edit carries a tag').toBe(true)
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  const now = await said(page)
  expect(now).toContain('Personne n’est plus averti')
  expect(now).toContain('Désactivé')
  expect((await current())?.motifs.SUIVI).toMatchObject({ notify: false, listed: false })
})

test.each([true, false])('D24: the switch at the foot of a patient’s Coordonnées, scripts %s', async (script) => {
  const { page, url, current } = await openDesk('appointments', { script })
  await page.goto(`${url}${clinic}/patients`)
  await page.getByRole('searchbox').fill('roy')
  await page.getByRole('button', { name: 'Chercher' }).click()
  expect(page.url()).not.toMatch(/roy/i)
  await page.getByRole('link', { name: 'Anne Roy' }).click()
  expect(await page.title()).not.toMatch(/Roy/)
  await page.getByRole('link', { name: 'Coordonnées' }).click()
  await page.getByRole('switch', { name: 'Envoi de SMS et emails activés' }).click()
  await page.getByRole('button', { name: 'Enregistrer les modifications' }).click()
  expect(await said(page)).toContain('n’est plus averti')
  expect((await current())?.patients).toEqual({ 'tilleuls:P1': { notify: false } })
})

test.each([true, false])('D3: a message is read, written, tried and published, scripts %s', async (script) => {
  const { page, url, current } = await openDesk('admin', { script })
  await page.goto(`${url}${clinic}/messages`)
  await picture(page, 'console-messages')
  await page.getByRole('main').getByRole('link', { name: 'Rappel', exact: true }).click()
  const body = page.getByLabel('Texte', { exact: true })
  if (script) {
    await body.fill('Vous-même : ')
    await page.getByRole('button', { name: 'link', exact: true }).click()
    expect(await body.inputValue()).toBe('Vous-même : {{ link }}')
    expect(await page.locator('#count').innerText()).toContain('UCS-2 (ê)')
  }
  await body.fill('{{ clinic.name }} vous-même : RDV {{ date }} {{ time }} {{ link }} {{ optOut }}')
  await follow(page.getByRole('button', { name: 'Actualiser l’aperçu' }))
  expect(await page.locator('mark').first().innerText()).toBe('ê')
  await picture(page, 'console-message-editor')
  await follow(page.getByRole('button', { name: 'Appliquer' }))
  await page.getByRole('button', { name: 'Publier la version 2' }).click()
  expect(await said(page)).toContain('Publié')
  expect((await current())?.templates?.['reminder.sms.*.fr']?.body).toContain('vous-meme')
})

test.each([
  '/agendas',
  '/agendas/moreau',
  '/settings/communication',
  '/motifs',
  '/motifs/SUIVI',
  '/messages',
  '/messages/reminder.sms.onsite.fr',
  '/messages/reminder.email.onsite.en',
  '/patients',
  '/patients/tilleuls:P1',
  '/patients/tilleuls:P1/history',
  '/absences?agenda=moreau&from=2026-11-26T00:00&until=2026-11-27T00:00',
  '/cadences',
  '/versions',
  '/versions/1',
])('%s: nobody is kept out, at any width, by day and by night', async (path) => {
  const { page, url } = await openDesk('admin')
  await page.goto(`${url}${clinic}${path}`)
  expect(await faultsEverywhere(page)).toEqual([])
})

test('the table with its edits and their impact: nobody is kept out', async () => {
  const { page } = await openDesk('admin')
  for (const name of ['SMS, SMS de rappel, Dre Claire Moreau', 'SMS, Confirmation, Dre Claire Moreau'])
    await page.getByRole('switch', { name }).click()
  await page.getByRole('button', { name: 'Voir l’impact' }).click()
  await picture(page, 'console-agendas-impact')
  expect(await faultsEverywhere(page)).toEqual([])
})
