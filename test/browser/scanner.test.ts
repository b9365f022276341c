import { Hono } from 'hono'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { follow, launchChromium } from './chromium.ts'
import { serveApp } from './served.ts'
import { openTold } from './told.ts'

let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => context?.close())
afterAll(() => browser?.close())

/** A mail as a scanner shows it to itself: everything that a browser fetches unasked. */
function mailView(link: string): string {
  const speculation = { prefetch: [{ source: 'list', urls: [link] }], prerender: [{ source: 'list', urls: [link] }] }
  return `<!doctype html><link rel="prefetch" href="${link}"><link rel="prerender" href="${link}"><link rel="preload" as="fetch" href="${link}">
<script type="speculationrules">${JSON.stringify(speculation)}</script>
<a href="${link}" ping="${link}">link</a><iframe src="${link}"></iframe><img src="${link}"><object data="${link}"></object>
<script>const modes = ['GET', 'HEAD']
Promise.allSettled(modes.map((method) => fetch(${JSON.stringify(link)}, { method, mode: 'no-cors' }))).then(() => { document.title = 'done' })</script>`
}

/** What a whole browser leaves that goes to the page: when, and nothing of anybody. */
const withoutOpening = (dump: string) =>
  dump
    .split('\n')
    .filter((line) => !line.includes('page.opened'))
    .join('\n')
    .replaceAll(/,?\\"openedAt\\":\\"[^\\]*\\"/g, '')

/** The addresses of ours that a page links to. */
const linksOn = `[...document.querySelectorAll('a[href]')].map(({ href }) => href.split('#')[0])`

describe('a mail scanner with a whole browser changes nothing (R26)', () => {
  test.each([
    ['before the window', '2026-11-24T13:00:00Z'],
    ['while it can be confirmed and cancelled', '2026-11-25T13:00:00Z'],
    ['while the patient may arrive', '2026-11-26T14:20:00Z'],
    ['after it', '2026-11-27T13:00:00Z'],
  ])('opening, prefetching, asking for heads and following every link, %s', async (_, instant) => {
    const told = await openTold()
    told.clock.set(instant)
    const before = await told.dump()
    context = await browser.newContext()
    const page = await context.newPage()

    const mail = await serveApp(new Hono().get('/', (c) => c.html(mailView(told.link))))
    onTestFinished(() => mail.close())
    await page.goto(mail.url)
    await page.waitForFunction("document.title === 'done'")
    expect(await told.dump(), 'what is fetched ahead is not even noted').toBe(before)

    const seen = new Set<string>([told.link])
    for (const address of seen) {
      expect((await context.request.head(address)).ok(), address).toBe(true)
      if (address.includes('.ics')) {
        expect((await context.request.get(address)).ok()).toBe(true)
        continue
      }
      await page.goto(address)
      const found = (await page.evaluate<string[]>(linksOn)).filter((each) => each.startsWith(told.url))
      for (const each of found) if (seen.size < 40) seen.add(each)
    }
    expect(seen.size).toBeGreaterThan(1)
    expect(told.asked.filter((line) => line.startsWith('HEAD')).length).toBeGreaterThan(1)
    expect(told.asked.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
    expect(withoutOpening(await told.dump())).toBe(before)
  })

  test.each([
    ['before the window', '2026-11-24T13:00:00Z', []],
    ['while it can be confirmed and cancelled', '2026-11-25T13:00:00Z', ['confirm queued']],
    ['while it can only be confirmed', '2026-11-25T18:00:00Z', ['confirm queued']],
  ])('one that submits the first form it is shown confirms at most, %s', async (_, instant, answers) => {
    const told = await openTold()
    told.clock.set(instant)
    context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(told.link)
    const first = page.locator('form').first().getByRole('button')
    if ((await first.count()) > 0) await follow(first)
    expect(await told.states()).toEqual(answers)
  })
})
