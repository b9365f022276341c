import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../src/core/words/language.ts'
import { textsIn } from '../../src/server/pages/texts.ts'
import { bookedChange, start } from '../support/clinic.ts'
import { faultsEverywhere } from './axe.ts'
import { launchChromium, openPhone, picture } from './chromium.ts'
import { openTold } from './told.ts'

const patient = { ...bookedChange().patient, ehrId: 'P1', birthDate: '1979-04-12' }
let browser: Browser
let phone: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => phone?.close())
afterAll(() => browser?.close())

/** Somebody born on 12 April 1979, told of one appointment in their own language; another stands a week later, with Marc Petit. */
async function opened(language: Language, script: boolean) {
  const told = await openTold({ first: bookedChange({ patient: { ...patient, language } }) })
  const time = { start: start.add({ hours: 24 * 7 }), end: start.add({ hours: 24 * 7 + 1 }) }
  await told.hear(
    bookedChange({ ehrId: 'A2', patient: { ...patient, language }, time, practitioner: { key: 'petit', name: 'Marc Petit' } }),
  )
  phone = await openPhone(browser, { language, script })
  const page = await phone.newPage()
  await page.goto(told.link)
  return { told, page }
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

const everyWay = [
  ['in French, with scripts', 'fr', true],
  ['in French, without', 'fr', false],
  ['in English, with scripts', 'en', true],
  ['in English, without', 'en', false],
] as const

describe.each(everyWay)('beside the appointment, %s', (way, language, script) => {
  const { birthDate, others, choices, data } = textsIn(language)

  /** A picture of the page as it stands, and that everybody can read and use it; axe itself is a script. */
  async function judge(page: Page, name: string): Promise<void> {
    await picture(page, `beside ${name} ${way}`)
    if (script) expect(await faultsEverywhere(page)).toEqual([])
  }

  async function giveBirthDate(page: Page, date: readonly [string, string, string]): Promise<void> {
    for (const [index, label] of [birthDate.day, birthDate.month, birthDate.year].entries())
      await page.getByLabel(label).fill(date[index] ?? '')
    await page.getByRole('button', { name: birthDate.go }).click()
  }

  test('the other appointments are listed after the birth date, and each opens under an address of its own (R26)', async () => {
    const { told, page } = await opened(language, script)
    await page.locator('a[href*="/appointments"]').click()
    expect(await heading(page).innerText()).toBe(birthDate.title)
    await judge(page, 'birth date')
    await giveBirthDate(page, ['13', '4', '1979'])
    expect(await page.getByText(birthDate.refused).count()).toBeGreaterThan(0)
    expect(await page.content()).not.toContain('Petit')
    await judge(page, 'wrong birth date')
    await giveBirthDate(page, ['12', '4', '1979'])
    expect(await heading(page).innerText()).toBe(others.title)
    await judge(page, 'other appointments')
    await page.locator('form button').click()
    expect(await page.getByText('Marc Petit').count()).toBe(1)
    expect(page.url()).not.toContain(told.token)
    expect(await told.states()).toEqual([])
  })

  test('what is received can be chosen, and the next page speaks the language that was', async () => {
    const { page } = await opened(language, script)
    const other = language === 'fr' ? 'en' : 'fr'
    await page.locator('a[href*="/choices"]').click()
    expect(await heading(page).innerText()).toBe(choices.title)
    await judge(page, 'choices')
    await page.locator(`label:has(input[name="language"][value="${other}"])`).click()
    await page.getByRole('button', { name: choices.save }).click()
    expect(await page.locator('html').getAttribute('lang')).toBe(other)
    expect(await page.getByText(textsIn(other).choices.saved.fact).count()).toBe(1)
    await picture(page, `beside choices saved ${way}`)
  })

  test('what is kept can be read', async () => {
    const { page } = await opened(language, script)
    await page.locator('a[href*="/data"]').click()
    expect(await heading(page).innerText()).toBe(data.title)
    await judge(page, 'data')
  })
})
