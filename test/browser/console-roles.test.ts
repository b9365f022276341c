import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mayReach, type Role } from '../../src/core/access.ts'
import type { Language } from '../../src/core/words/language.ts'
import { systemClock } from '../../src/server/clock.ts'
import { composition } from '../../src/server/compose.ts'
import { addressOf, menu } from '../../src/server/console/menu.ts'
import { signInTexts } from '../../src/server/console/sign-in/texts.ts'
import { consoleTexts } from '../../src/server/console/texts.ts'
import { createPasswords } from '../../src/server/identity/passwords.ts'
import { goodPassword } from '../support/identity.ts'
import { launchChromium, openPhone, picture } from './chromium.ts'
import type { ClinicDay } from './clinic-day.ts'
import { openClinicDay } from './clinic-day.ts'

let browser: Browser
let day: ClinicDay
let context: BrowserContext | undefined

const everyone: readonly Role[] = ['operator', 'admin', 'appointments', 'reader', 'integrator']
const languages: readonly Language[] = ['fr', 'en']
let clinic = ''

beforeAll(async () => {
  browser = await launchChromium()
  day = await openClinicDay({ cancelUndo: 'PT6S' })
  clinic = day.config.clinics[0]?.clinic.id ?? ''
  await addStaff()
})
afterEach(() => context?.close())
afterAll(async () => {
  await browser?.close()
  await day?.close()
})

/** One of each role who sees this clinic alone; the operator sees all. */
async function addStaff(): Promise<void> {
  const store = await composition.openStore(day.config)
  const password = await createPasswords().hash(goodPassword)
  try {
    for (const role of everyone)
      await store.transact((tx) =>
        tx.users.save({
          id: Buffer.from(role).toString('hex').padStart(32, '0'),
          login: role,
          name: `Personne ${role}`,
          role,
          ...(role !== 'operator' && { clinics: [clinic] }),
          language: 'fr',
          password,
          createdAt: systemClock.now(),
        }),
      )
  } finally {
    await store.close()
  }
}

/** By the real page, as a person does. */
async function signIn(role: Role, language: Language): Promise<Page> {
  const texts = signInTexts(language)
  context = await openPhone(browser, { language, script: false, width: 1366, height: 900 })
  const page = await context.newPage()
  await page.goto(`${day.rappelUrl}/console/sign-in`)
  await page.getByLabel(texts.login).fill(role)
  await page.getByLabel(texts.password).fill(goodPassword)
  await page.getByRole('button', { name: texts.submit, exact: true }).click()
  await page.locator('nav#nav').waitFor()
  return page
}

/** The names in the menu, as they stand, without the counts. */
function namesIn(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('nav#nav ul:not(.foot) a')].map((link) =>
    [...link.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data).join('').trim())`)
}

describe.each(languages.flatMap((language) => everyone.map((role) => [role, language] as const)))('%s, in %s', (role, language) => {
  test('signs in, sees the pages of the role in the menu, opens each, and no other', async () => {
    const page = await signIn(role, language)
    const own = menu.filter(({ least }) => mayReach({ role }, least))
    const { pages, refusals, roles } = consoleTexts[language]
    expect((await namesIn(page)).toSorted()).toEqual(own.map(({ name }) => pages[name]).toSorted())
    expect(await page.locator('nav#nav .foot').innerText()).toContain(roles[role])
    await picture(page, `console as ${role} in ${language}`)
    for (const item of menu) {
      const answer = await page.goto(`${day.rappelUrl}${addressOf(item, clinic)}`)
      const isOwn = own.includes(item)
      expect([item.name, answer?.status()]).toEqual([item.name, isOwn ? 200 : 403])
      if (!isOwn) expect(await page.locator('h1').innerText()).toBe(refusals.role.title)
    }
  })
})

/** What a role may press, and what it only reads. */
const acts: readonly (readonly [what: string, path: string, button: Readonly<Record<Language, string>>, roles: readonly Role[]])[] = [
  ['try a mapping', '/console/connectors/ehr-hl7', { fr: 'Lire le message', en: 'Read the message' }, ['operator', 'integrator']],
  ['verify the audit', '/console/audit', { fr: 'Vérifier maintenant', en: 'Verify now' }, ['operator', 'admin']],
]

test.each(acts)('who may %s', async (_what, path, button, roles) => {
  for (const role of everyone) {
    const page = await signIn(role, 'fr')
    await page.goto(`${day.rappelUrl}${path}`)
    expect([role, await page.getByRole('button', { name: button.fr }).count()]).toEqual([role, roles.includes(role) ? 1 : 0])
    await context?.close()
  }
})

test('without a session every page asks to sign in first, and goes on to where one wanted to go', async () => {
  context = await openPhone(browser, { language: 'fr', script: false, width: 1366, height: 900 })
  const page = await context.newPage()
  await page.goto(`${day.rappelUrl}/console/health`)
  const texts = signInTexts('fr')
  await page.getByLabel(texts.login).fill('admin')
  await page.getByLabel(texts.password).fill(goodPassword)
  await page.getByRole('button', { name: texts.submit, exact: true }).click()
  expect(new URL(page.url()).pathname).toBe('/console/health')
})
