import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { textsIn } from '../../src/server/pages/texts.ts'
import { faultsEverywhere } from './axe.ts'
import { follow, launchChromium, openPhone, picture } from './chromium.ts'
import { openTold } from './told.ts'

const { buttons, ...texts } = textsIn('fr')
let browser: Browser
let phone: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => phone?.close())
afterAll(() => browser?.close())

async function openedAt(link: string): Promise<Page> {
  phone = await openPhone(browser)
  const page = await phone.newPage()
  await page.goto(link)
  return page
}

const said = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ')

test.each(['fr', 'en'] as const)(
  'a link that is expired, mistyped, cut short or foreign looks alike and says what to do: %s',
  async (language) => {
    const told = await openTold()
    told.clock.advance({ hours: 24 * 400 })
    const flipped = told.token.startsWith('A') ? 'B' : 'A'
    const links = [told.link, `${told.url}/${flipped}${told.token.slice(1)}`, told.link.slice(0, -4), `${told.url}/${'Z'.repeat(22)}`]
    phone = await openPhone(browser, { language })
    const page = await phone.newPage()
    const shown = new Set<string>()
    for (const link of links) {
      expect((await page.goto(link))?.status()).toBe(404)
      shown.add(await page.content())
    }
    expect(shown.size).toBe(1)
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(textsIn(language).brokenLink.title)
    expect(await page.content()).not.toContain('Tilleuls')
    await picture(page, `link expired ${language}`)
    expect(await faultsEverywhere(page)).toEqual([])
  },
)

describe('two at once', () => {
  test('a double tap is one answer (O14)', async () => {
    const told = await openTold()
    const page = await openedAt(told.link)
    await page.getByRole('button', { name: buttons.confirm }).dblclick()
    await page.waitForURL(/done=/)
    expect(await told.states()).toEqual(['confirm queued'])
  })

  test('a phone that cancels and another that still shows the button: both end by saying the same', async () => {
    const told = await openTold()
    const page = await openedAt(`${told.link}?step=cancel`)
    const second = await phone.newPage()
    await second.goto(told.link)
    await follow(page.getByRole('button', { name: buttons.cancelForSure }))
    await follow(second.getByRole('button', { name: buttons.confirm }))
    await page.goto(told.link)
    await second.goto(told.link)
    expect(await said(second)).toBe(await said(page))
    expect(await page.getByText(texts.offByPatient).count()).toBe((await told.states()).includes('cancel queued') ? 1 : 0)
  })
})

describe('with a keyboard alone', () => {
  const focused = `(() => { const e = document.activeElement; return e.id || e.textContent.trim() })()`
  const isRinged = `getComputedStyle(document.activeElement).outlineStyle !== 'none'`

  async function tabTo(page: Page, name: string): Promise<void> {
    await page.waitForLoadState()
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate<boolean>(isRinged), await page.evaluate<string>(focused)).toBe(true)
      if ((await page.evaluate<string>(focused)) === name) return
    }
    throw new Error(`no way to ${name}`)
  }

  test('to the content, to the answer, to the second step and back', async () => {
    const told = await openTold()
    const page = await openedAt(told.link)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(focused)).toBe('Aller au contenu')
    await picture(page, 'keyboard 1 first stop')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(focused)).toBe('contenu')
    await tabTo(page, buttons.confirm)
    await picture(page, 'keyboard 2 the answer')
    await page.keyboard.press('Enter')
    await page.getByText(texts.confirmed).waitFor()
    await tabTo(page, buttons.cancel)
    await page.keyboard.press('Enter')
    await page.getByText(texts.cancelMeans).waitFor()
    await tabTo(page, buttons.cancelForSure)
    await page.keyboard.press('Enter')
    await page.getByText(texts.offByPatient).waitFor()
    await tabTo(page, buttons.restore)
    await page.keyboard.press('Space')
    await page.getByText(texts.flash.restored.fact).waitFor()
    expect(await told.states()).toContain('cancel withdrawn')
  })
})
