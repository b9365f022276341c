#!/usr/bin/env node
/**
 * Takes pictures of pages by Chromium, into docs/screenshots: node scripts/screenshots.mjs <address of a service> [cookie]
 * A page more is a line more of the list. `cookie` (name=value) is of somebody who has signed in: `npm run demo` prints an account.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

/** The clinic of the demo. */
const clinic = '/console/clinics/tilleuls'

/** @type {readonly { name: string, path: string, follow?: string }[]} */
const pages = [
  { name: 'dashboard', path: `${clinic}/dashboard` },
  { name: 'appointment', path: `${clinic}/appointments`, follow: 'main a[href*="/appointments/"]' },
  { name: 'agendas', path: `${clinic}/agendas` },
]

const [address, cookie] = process.argv.slice(2)
if (!address || !URL.canParse(address)) {
  process.stderr.write('usage: node scripts/screenshots.mjs http://127.0.0.1:8080 [name=value]\n')
  process.exit(2)
}
const folder = 'docs/screenshots'
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run'],
})
try {
  for (const language of ['fr', 'en']) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: language })
    const [name, value] = (cookie ?? '').split('=')
    if (name && value) await context.addCookies([{ name, value, url: address }])
    const page = await context.newPage()
    for (const each of pages) {
      const response = await page.goto(new URL(`${each.path}?lang=${language}`, address).href, { waitUntil: 'networkidle' })
      if (!response?.ok()) {
        process.stderr.write(`${each.path}: ${response?.status() ?? 'no answer'}, left out\n`)
        continue
      }
      if (each.follow)
        await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(each.path)), page.locator(each.follow).first().click()])
      await page.screenshot({ path: join(folder, `${each.name}-${language}.png`), fullPage: true })
    }
    await context.close()
  }
} finally {
  await browser.close()
}
