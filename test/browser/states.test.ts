import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAxe, faultsEverywhere, seriousFaults, widths } from './axe.ts'
import { launchChromium, openPhone, overflow, picture, watchRequests } from './chromium.ts'
import type { Served } from './served.ts'
import { serveApp } from './served.ts'
import { screensApp } from './shown-screens.ts'

const { app, shown } = screensApp()
let browser: Browser
let served: Served
let context: BrowserContext
let page: Page

beforeAll(async () => {
  browser = await launchChromium()
  served = await serveApp(app)
  context = await browser.newContext()
  page = await context.newPage()
})
afterAll(async () => {
  await browser?.close()
  await served?.close()
})

describe.each(shown.map((screen) => [screen.name, screen] as const))('%s', (name, { path }) => {
  test(`everybody can read and use it, in ${widths.join(', ')} px, by day and by night`, async () => {
    await page.goto(`${served.url}/${path}`)
    expect(await faultsEverywhere(page)).toEqual([])
    for (const width of widths) {
      await page.setViewportSize({ width, height: 844 })
      await picture(page, `state ${name} fr light ${width}`)
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, `state ${name} fr dark 390`)
    await page.emulateMedia({ colorScheme: 'light' })
  })

  test('and in English', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${served.url}/${path}?lang=en`)
    await bringAxe(page)
    expect(await seriousFaults(page)).toEqual([])
    await picture(page, `state ${name} en light 390`)
  })
})

test('what is hard to read would be found', async () => {
  const bad = await context.newPage()
  await bad.setContent(
    '<!doctype html><html lang="fr"><title>x</title><main><h1>x</h1><p style="color:#aaa;background:#fff">grey</p><input></main>',
  )
  await bringAxe(bad)
  expect((await seriousFaults(bad)).map((fault) => fault.split(':')[0])).toEqual(['color-contrast', 'label'])
  await bad.close()
})

test('no page asks anything of anybody else, or is over 30 kB with all that it needs (R29)', async () => {
  const phone = await openPhone(browser)
  for (const { path, name } of shown) {
    const fresh = await phone.newPage()
    await (await phone.newCDPSession(fresh)).send('Network.setCacheDisabled', { cacheDisabled: true })
    const requests = watchRequests(fresh)
    await fresh.goto(`${served.url}/${path}`)
    const sizes = await Promise.all(requests.map((request) => request.sizes()))
    const bytes = sizes.reduce((sum, size) => sum + size.responseHeadersSize + size.responseBodySize, 0)
    expect(
      requests.filter((request) => !request.url().startsWith(served.url)).map((request) => request.url()),
      name,
    ).toEqual([])
    expect(requests.length, name).toBeGreaterThan(1)
    expect(bytes, name).toBeLessThan(30_000)
    await fresh.close()
  }
  await phone.close()
})

test('zoomed to 200 % in a window of 640 px, nobody scrolls sideways', async () => {
  const zoomed = await openPhone(browser, { width: 320, height: 422, scale: 2 })
  const large = await zoomed.newPage()
  const wide: string[] = []
  for (const { path, name } of shown) {
    await large.goto(`${served.url}/${path}`)
    if ((await overflow(large)) > 0) wide.push(name)
  }
  expect(wide).toEqual([])
  await zoomed.close()
})

test('with letters twice as large on a phone, nobody scrolls sideways', async () => {
  const phone = await openPhone(browser)
  const large = await phone.newPage()
  const wide: string[] = []
  for (const { path, name } of shown) {
    await large.goto(`${served.url}/${path}`)
    await large.evaluate("document.documentElement.style.fontSize = '200%'")
    const wider = await overflow(large)
    if (wider > 0) wide.push(`${name}: ${wider} px`)
    if (name === 'to confirm') await picture(large, 'letters twice as large')
  }
  expect(wide).toEqual([])
  await phone.close()
})
