import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page, Request } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { Language } from '../../src/core/words/language.ts'

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's own, or the one that `CHROMIUM` names. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
}

interface PhoneOptions {
  readonly language?: Language
  readonly script?: boolean
  readonly width?: number
  readonly height?: number
  /** How many dots are one CSS pixel; also what zooming in does. */
  readonly scale?: number
}

/** A phone in somebody's hand: 390 × 844 unless told. */
export async function openPhone(browser: Browser, options: PhoneOptions = {}): Promise<BrowserContext> {
  const { language = 'fr', script = true, width = 390, height = 844, scale = 1 } = options
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    hasTouch: true,
    isMobile: true,
    javaScriptEnabled: script,
    locale: language === 'fr' ? 'fr-CA' : 'en-CA',
    colorScheme: 'light',
  })
  context.setDefaultTimeout(20_000)
  return context
}

const artifacts = new URL('artifacts/', import.meta.url).pathname

/** Leaves a picture of the whole page for whoever wants to see it. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(artifacts, { recursive: true })
  await page.screenshot({ path: join(artifacts, `${name.replaceAll(/[^a-z0-9à-ÿ]+/gi, '-')}.png`), fullPage: true })
}

/** All that a page asks of the network from now on. */
export function watchRequests(page: Page): readonly Request[] {
  const requests: Request[] = []
  page.on('request', (request) => requests.push(request))
  return requests
}

/** Clicks what leads to another page, and is done once that page is there: whoever goes elsewhere at once would cut off what was posted. */
export async function follow(target: Locator): Promise<void> {
  const arrived = target.page().waitForEvent('load')
  await target.click()
  await arrived
}

/** By how many CSS pixels the page is wider than the window; 0 when nobody has to scroll sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
