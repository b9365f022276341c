import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { questionnaireTextsIn } from '../../src/server/pages/questionnaire-texts.ts'
import { textsIn } from '../../src/server/pages/texts.ts'
import { bookedChange, clinicSettings, motifSettings } from '../support/clinic.ts'
import { fakeConnector } from '../support/fakes.ts'
import { faultsEverywhere } from './axe.ts'
import { launchChromium, openPhone, picture } from './chromium.ts'
import { openTold } from './told.ts'

const before = {
  resourceType: 'Questionnaire',
  url: 'https://tilleuls.example/q/visite',
  version: '1',
  title: 'Avant votre visite',
  item: [
    {
      linkId: 'sante',
      type: 'group',
      text: 'Votre santé',
      item: [
        { linkId: 'note', type: 'display', text: 'Deux questions seulement.' },
        { linkId: 'allergie', type: 'boolean', text: 'Avez-vous une allergie ?', required: true },
        {
          linkId: 'laquelle',
          type: 'string',
          text: 'Laquelle ?',
          required: true,
          enableWhen: [{ question: 'allergie', operator: '=', answerBoolean: true }],
        },
      ],
    },
    {
      linkId: 'besoins',
      type: 'group',
      text: 'Sur place',
      item: [
        {
          linkId: 'acces',
          type: 'choice',
          repeats: true,
          text: 'De quoi aurez-vous besoin ?',
          answerOption: [
            { valueCoding: { code: 'plat', display: 'Un accès sans marche' } },
            { valueCoding: { code: 'lsq', display: 'Un interprète' } },
          ],
        },
        {
          linkId: 'venue',
          type: 'open-choice',
          text: 'Comment viendrez-vous ?',
          answerOption: [{ valueString: 'En autobus' }, { valueString: 'En voiture' }],
        },
        { linkId: 'depuis', type: 'date', text: 'Depuis quand ?' },
        { linkId: 'enfants', type: 'integer', text: 'Combien d’enfants viendront ?' },
        { linkId: 'poids', type: 'decimal', text: 'Votre poids en kg' },
        { linkId: 'medicaments', type: 'string', text: 'Vos médicaments', repeats: true },
        { linkId: 'autre', type: 'text', text: 'Autre chose à nous dire ?' },
      ],
    },
  ],
}

const settings = clinicSettings({
  motifs: { CONSULT: motifSettings({ questionnaire: 'Questionnaire/visite' }) },
  questionnaires: { visite: JSON.stringify(before) },
})

let browser: Browser
let phone: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => phone?.close())
afterAll(() => browser?.close())

test.each([
  ['in French, with scripts', 'fr', true],
  ['in French, without', 'fr', false],
  ['in English, with scripts', 'en', true],
  ['in English, without', 'en', false],
] as const)('the questionnaire, from the appointment to the answers sent (O15, O16): %s', async (way, language, script) => {
  const texts = questionnaireTextsIn(language)
  const { birthDate } = textsIn(language)
  const patient = { ...bookedChange().patient, ehrId: 'P1', birthDate: '1948-02-29', language }
  const connectors = [fakeConnector('tilleuls', { writes: ['confirm', 'answers'] })]
  const told = await openTold({ settings, connectors, first: bookedChange({ patient }) })
  phone = await openPhone(browser, { language, script })
  const page = await phone.newPage()
  const next = () => page.getByRole('button', { name: texts.next }).click()
  const heading = () => page.getByRole('heading', { level: 1 }).innerText()

  await page.goto(told.link)
  await judge(page, `0 asked ${way}`, script)
  await page.locator('a[href*="/questionnaire"]').click()
  for (const [label, value] of [
    [birthDate.day, '29'],
    [birthDate.month, '2'],
    [birthDate.year, '1948'],
  ] as const)
    await page.getByLabel(label).fill(value)
  await page.getByRole('button', { name: birthDate.go }).click()
  expect(await heading()).toBe(before.title)
  await judge(page, `1 first page ${way}`, script)

  await next()
  expect(await page.getByRole('alert').count()).toBe(1)
  await judge(page, `2 unanswered ${way}`, script)
  await page.getByLabel(texts.yes, { exact: true }).check()
  await next()
  await page.getByLabel('Laquelle ?').fill('Pénicilline')
  await next()
  expect(await page.getByText('Sur place').count()).toBe(1)
  await judge(page, `3 second page ${way}`, script)
  await page.getByLabel('Un interprète').check()
  await page.getByLabel('Votre poids en kg').fill('62,5')
  await next()

  expect(await heading()).toBe(texts.reviewTitle)
  for (const answer of ['Pénicilline', 'Un interprète']) expect(await page.getByText(answer, { exact: true }).count()).toBe(1)
  await judge(page, `4 review ${way}`, script)
  expect(await told.states()).toEqual([])
  await page.getByRole('button', { name: texts.submit }).click()
  expect(await heading()).toBe(texts.sent.title)
  await judge(page, `5 sent ${way}`, script)
  expect(await told.states()).toEqual(['answers queued'])
})

/** A picture, and that everybody can read and use it; axe itself is a script. */
async function judge(page: Page, name: string, script: boolean): Promise<void> {
  await picture(page, `questionnaire ${name}`)
  if (script) expect(await faultsEverywhere(page)).toEqual([])
}
