import type { Browser } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { withPush } from '../../src/core/cadences.ts'
import { pushChannel } from '../../src/server/compose-push.ts'
import { textsIn } from '../../src/server/pages/texts.ts'
import { aPushService, vapid } from '../channels/push-service.ts'
import { clinicSettings } from '../support/clinic.ts'
import { faultsEverywhere } from './axe.ts'
import { launchChromium, openPhone, picture } from './chromium.ts'
import { openTold } from './told.ts'

const { device: texts } = textsIn('fr').choices
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

/** A clinic that tells browsers, and a phone; the browsers' own push services cannot be reached from here, so that ours stands in their place. */
async function opened(script = true) {
  const service = await aPushService()
  onTestFinished(service.close)
  const timeout = Temporal.Duration.from({ seconds: 5 })
  const settings = clinicSettings({ cadence: withPush(clinicSettings().cadence) })
  const told = await openTold({ settings, push: (store) => pushChannel({ vapid, endpoints: [service.origin], timeout }, store) })
  const phone = await openPhone(browser, { script })
  onTestFinished(() => phone.close())
  const page = await phone.newPage()
  const { endpoint, p256dh, auth } = service.device('phone')
  await page.addInitScript(
    `if (window.PushManager) PushManager.prototype.subscribe = async (options) => {
      window.registeredWith = options.applicationServerKey
      return { toJSON: () => (${JSON.stringify({ endpoint, keys: { p256dh, auth } })}) }
    }`,
  )
  return { service, told, phone, page }
}

test('a phone registers, and its worker shows that there is a message, and opens it', async () => {
  const { service, told, phone, page } = await opened()
  await phone.grantPermissions(['notifications'], { origin: told.url })
  await page.goto(`${told.link}/choices`)
  expect(await faultsEverywhere(page)).toEqual([])
  await picture(page, 'push offered')
  await page.getByRole('button', { name: texts.register }).click()
  await page.getByText(textsIn('fr').choices.saved.fact).waitFor()
  await picture(page, 'push registered')
  expect((await told.read((tx) => tx.preferences.find('tilleuls:P1')))?.devices).toHaveLength(1)

  const payload = { title: 'Clinique des Tilleuls', body: 'Vous avez un message.', lang: 'fr', url: told.link, tag: 'a1' }
  const session = await phone.newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === `${told.url}/`)
      if (found) resolve(found.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  // a second of the same appointment takes the place of the first
  for (const body of ['Vous avez un message.', payload.body])
    await session.send('ServiceWorker.deliverPushMessage', { origin: told.url, registrationId, data: JSON.stringify({ ...payload, body }) })
  const shown = await page.waitForFunction<unknown[]>(
    `navigator.serviceWorker.ready.then((registration) => registration.getNotifications())
      .then((all) => all.length > 0 && all.map(({ title, body, lang, tag, data }) => ({ title, body, lang, tag, url: data })))`,
  )
  expect(await shown.jsonValue()).toEqual([payload])
  expect(service.pushed).toEqual([])
  await session.detach()
})

test('a phone that says no is told so, and nothing is kept', async () => {
  const { told, page } = await opened()
  await page.addInitScript("Notification.requestPermission = async () => 'denied'")
  await page.goto(`${told.link}/choices`)
  await page.getByRole('button', { name: texts.register }).click()
  await page.getByText(texts.refused).waitFor()
  await picture(page, 'push refused')
  expect(await told.read((tx) => tx.preferences.find('tilleuls:P1'))).toBeUndefined()
})

test('without scripts nothing is offered that could not work', async () => {
  const { told, page } = await opened(false)
  await page.goto(`${told.link}/choices`)
  for (const text of [texts.title, texts.says, texts.register]) expect(await page.getByText(text).isVisible()).toBe(false)
  await picture(page, 'push without scripts')
})

test('an iPhone is told to put the page on the home screen, whose manifest names nobody and keeps no address', async () => {
  const { told, page } = await opened()
  // as its Safari is beside the home screen
  await page.addInitScript(`delete window.PushManager; Object.defineProperty(navigator, 'standalone', { value: false })`)
  await page.goto(`${told.link}/choices`)
  await page.getByText(texts.home).waitFor()
  expect(await page.getByRole('button', { name: texts.register }).count()).toBe(0)
  expect(await faultsEverywhere(page)).toEqual([])
  await picture(page, 'push on an iPhone')
  const address = await page.locator('link[rel=manifest]').getAttribute('href')
  const manifest = await page.request.get(new URL(address ?? '', told.url).href)
  expect(manifest.headers()['content-type']).toBe('application/manifest+json')
  const text = await manifest.text()
  expect(JSON.parse(text)).toMatchObject({ display: 'standalone', scope: '/' })
  expect(text).not.toMatch(/start_url|Tilleuls|Roy|https?:/)
  expect(text).not.toContain(told.token)
  const session = await page.context().newCDPSession(page)
  const { errors } = (await session.send('Page.getAppManifest')) as { readonly errors: readonly unknown[] }
  expect(errors).toEqual([])
})
