import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/access.ts'
import { newToDo } from '../../src/core/to-do.ts'
import type { Language } from '../../src/core/words/language.ts'
import { bookedChange, landline } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'
import { faultsEverywhere } from './axe.ts'
import { follow, launchChromium, picture } from './chromium.ts'
import { seatStaff } from './staff.ts'

let browser: Browser
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => context?.close())
afterAll(() => browser?.close())

const clinic = '/console/clinics/tilleuls'

/** The front desk on the morning after: Mme Roy, who has a landline alone, was not told that her visit is off; M. Petit has written; Mme Côté’s visit is in doubt. */
async function openDesk(role: Role, language: Language, script: boolean) {
  const rappel = await openRappel({ now: '2026-11-25T15:00:00Z' })
  const roy = { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, birthDate: '1961-05-04', contacts: [landline] }
  const petit = { ...bookedChange().patient, ehrId: 'P2', name: { given: 'Marc', family: 'Petit' } }
  const cote = { ...bookedChange().patient, ehrId: 'P3', name: { given: 'Rose', family: 'Côté' } }
  await rappel.hear(bookedChange({ patient: roy }))
  await rappel.hear(bookedChange({ ehrId: 'A2', patient: petit }))
  await rappel.hear(bookedChange({ ehrId: 'A3', patient: cote }))
  await rappel.send()
  await rappel.hear(bookedChange({ patient: roy, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 5))
  await rappel.hear(bookedChange({ ehrId: 'A3', patient: { ...roy, ehrId: 'P4', name: { given: 'Luc', family: 'Roy' } } }, 5))
  await rappel.send()
  const line = {
    clinicId: 'tilleuls',
    kind: 'reply',
    appointmentId: 'tilleuls:A2',
    patientId: 'tilleuls:P2',
    contact: '+14185550177',
  } as const
  const text = 'Puis-je venir avec ma fille ?'
  await rappel.store.transact((tx) => tx.toDo.save(newToDo({ id: 'reply:SM1', ...line, text }, rappel.clock.now())))
  const { page, url, ...seat } = await seatStaff(browser, rappel, { role, language, script })
  context = seat.context
  await page.goto(`${url}${clinic}/dashboard`)
  return { page, ...rappel }
}

const said = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ')

const words = {
  fr: {
    appointments: 'Rendez-vous',
    search: 'Nom, téléphone, date de naissance ou numéro au DSE',
    find: 'Chercher',
    when: 'jeudi 26 novembre à 9 h 40',
    text: 'SMS d’annulation',
    because: 'le dossier n’a que des numéros qui ne reçoivent pas de SMS',
    toCall: 'Patients à appeler',
    call: 'Appelé, pour le rendez-vous du jeudi 26 novembre à 9 h 40',
    called: 'Appel noté.',
    nobody: 'Personne à appeler.',
    undo: 'Rétablir',
    replies: 'Réponses de patients',
    answer: 'Votre réponse',
    send: 'Envoyer la réponse',
    left: 'La réponse est partie.',
    refused: 'La réponse n’est pas partie',
    done: 'Marquer comme traité',
    doubt: 'Rendez-vous en doute',
    release: 'Libérer le rendez-vous du jeudi 26 novembre à 9 h 40',
    released: 'Le rendez-vous est libéré.',
  },
  en: {
    appointments: 'Appointments',
    search: 'Name, phone, birth date or number at the EHR',
    find: 'Search',
    when: 'Thursday 26 November at 9:40 am',
    text: 'Cancellation text',
    because: 'the numbers on file take no texts',
    toCall: 'Patients to call',
    call: 'Called, for the appointment of Thursday 26 November at 9:40 am',
    called: 'The call is noted.',
    nobody: 'Nobody to call.',
    undo: 'Undo',
    replies: 'Replies of patients',
    answer: 'Your answer',
    send: 'Send the answer',
    left: 'The answer has left.',
    refused: 'The answer was not sent',
    done: 'Mark as done',
    doubt: 'Appointments in doubt',
    release: 'Release the appointment of Thursday 26 November at 9:40 am',
    released: 'The appointment is released.',
  },
} as const

describe.each([
  ['fr', true],
  ['fr', false],
  ['en', true],
  ['en', false],
] as const)('at the front desk, in %s, scripts %s', (language, script) => {
  const say = words[language]
  const way = `${language} ${script ? 'with' : 'without'} scripts`

  /** A picture of the page, and that everybody can read and use it; axe itself is a script. */
  async function judge(page: Page, name: string): Promise<void> {
    await page.setViewportSize({ width: 1366, height: 900 })
    await picture(page, `console work ${name} ${way}`)
    if (!script) return
    expect(await faultsEverywhere(page)).toEqual([])
    await page.setViewportSize({ width: 1366, height: 900 })
  }

  test('Mme Roy is found by name; why no text went is read there; she is called, and the call is ticked (D12, D30)', async () => {
    const { page, read } = await openDesk('appointments', language, script)
    await judge(page, 'dashboard')
    await page.getByRole('link', { name: say.appointments, exact: true }).first().click()
    await page.getByLabel(say.search).fill('roy')
    await page.getByRole('button', { name: say.find }).click()
    expect(page.url(), 'no name in the address').not.toMatch(/roy/i)
    await judge(page, 'found')
    await page.locator('a[href$="/appointments/tilleuls%3AA1"]').click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Anne Roy')
    const line = page.locator('.tl > li.stop', { hasText: say.text }).first()
    await line.locator('.why > summary').click()
    expect((await line.innerText()).replaceAll(/\s+/g, ' ')).toContain(say.because)
    await judge(page, 'appointment')

    await page.goto(page.url().replace(/\/appointments.*/, '/dashboard'))
    await page.getByRole('link', { name: say.toCall }).click()
    expect(await said(page)).toMatch(/418.555-0100/)
    await judge(page, 'to call')
    await page.getByRole('button', { name: say.call }).click()
    expect(await said(page)).toContain(say.called)
    expect(await said(page)).toContain(say.nobody)
    await follow(page.getByRole('button', { name: say.undo }))
    await follow(page.getByRole('button', { name: say.call }))
    expect(await read((tx) => tx.toCall.open('tilleuls', 10))).toEqual([])
  }, 120_000)

  test('a reply is read, answered by text in words that may stand there (R28), and put away', async () => {
    const { page, sms, read } = await openDesk('appointments', language, script)
    await follow(page.getByRole('link', { name: say.replies }))
    await page.locator('main tbody a').first().click()
    await page.getByLabel(say.answer).fill('Vos résultats de biopsie sont prêts.')
    await page.getByRole('button', { name: say.send }).click()
    expect(await said(page)).toContain(say.refused)
    await judge(page, 'refused answer')
    const before = sms.sent.length
    await page.getByLabel(say.answer).fill('Oui, bien sûr.')
    await page.getByRole('button', { name: say.send }).click()
    expect(await said(page)).toContain(say.left)
    expect(sms.sent.slice(before).map(({ words: { sms: text } }) => text)).toEqual(['Clinique des Tilleuls: Oui, bien sur.'])
    await judge(page, 'answered')
    await follow(page.getByRole('button', { name: say.done }))
    expect((await read((tx) => tx.toDo.find('reply:SM1')))?.doneAt).toBeDefined()
  })

  test('an appointment in doubt is looked at and released (V2-ID-4)', async () => {
    const { page, appointment } = await openDesk('appointments', language, script)
    await page.getByRole('link', { name: say.doubt }).click()
    await judge(page, 'holds')
    await page.getByRole('button', { name: say.release }).click()
    expect(await said(page)).toContain(say.released)
    expect((await appointment('tilleuls:A3'))?.holds).toEqual([])
  })
})
