import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { textsIn } from '../../src/server/pages/texts.ts'
import { bookedChange } from '../support/clinic.ts'
import { faultsEverywhere } from './axe.ts'
import { launchChromium, openPhone, picture } from './chromium.ts'
import { openTold } from './told.ts'

const first = bookedChange({ patient: { ...bookedChange().patient, ehrId: 'P1', birthDate: '1979-04-12' } })
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

test.each([
  ['in French, with scripts', 'fr', true],
  ['in English, without', 'en', false],
] as const)('arrival by the code at the desk, %s', async (way, language, script) => {
  const { birthDate, arrive, arrivalNoted } = textsIn(language)
  const told = await openTold({ first })
  told.clock.set('2026-11-26T14:20:00Z')
  const phone = await openPhone(browser, { language, script })
  onTestFinished(() => phone.close())
  const page = await phone.newPage()
  await page.goto(`${told.url}/arrive/tilleuls/main`)
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(arrive.title)
  if (script) expect(await faultsEverywhere(page)).toEqual([])
  await picture(page, `desk ${way}`)
  async function say(hour: string): Promise<void> {
    for (const [label, value] of [
      [birthDate.day, '12'],
      [birthDate.month, '4'],
      [birthDate.year, '1979'],
      [arrive.hour, hour],
    ] as const)
      await page.getByLabel(label, { exact: true }).fill(value)
    await page.getByRole('button', { name: birthDate.go }).click()
  }
  await say('10:40')
  await page.getByText(arrive.refused).first().waitFor()
  if (script) expect(await faultsEverywhere(page)).toEqual([])
  await picture(page, `desk refused ${way}`)
  expect(await told.states()).toEqual([])
  await say('09:40')
  await page.getByText(arrivalNoted).waitFor()
  if (script) expect(await faultsEverywhere(page)).toEqual([])
  await picture(page, `desk noted ${way}`)
  expect(await told.states()).toEqual(['arrive queued'])
})
