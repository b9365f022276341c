import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { serve } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { identityRoutes } from '../../src/server/console/access/area.ts'
import { clinicNames } from '../../src/server/console/clinic-names.ts'
import { firstOperatorAddress } from '../../src/server/identity/identity.ts'
import { goodPassword, identityFor } from '../support/identity.ts'
import { openRappel } from '../support/rappel.ts'
import { faultsEverywhere } from './axe.ts'
import { follow, launchChromium } from './chromium.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

/** The real door of a clinic on this machine, where nobody is yet. */
async function openDoor() {
  const rappel = await openRappel()
  let app: ReturnType<typeof createApp> | undefined
  const server = serve({
    fetch: (request) => app?.fetch(request) ?? new Response(null, { status: 503 }),
    port: 0,
    hostname: '127.0.0.1',
  }) as Server
  if (!server.listening) await once(server, 'listening')
  onTestFinished(() => void server.close())
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const identity = identityFor({ store: rappel.store, clock: rappel.clock, publicUrl })
  app = createApp({
    routes: identityRoutes(identity),
    apiKeys: identity.keys,
    console: { sessions: identity.sessions, publicUrl, clinicNames: () => clinicNames(rappel.store, [rappel.settings.clinic.id]) },
    log: rappel.log,
  })
  return { publicUrl, first: (await firstOperatorAddress(identity)) ?? '' }
}

const words = {
  fr: { signOut: 'Se déconnecter', add: 'Ajouter', secretary: 'Sam Petit', link: 'Adresse', key: 'Créer une clé', signIn: 'Se connecter' },
  en: { signOut: 'Sign out', add: 'Add', secretary: 'Sam Petit', link: 'Address', key: 'Make a key', signIn: 'Sign in' },
} as const

describe.each(['fr', 'en'] as const)('in %s', (language) => {
  test.each([true, false])(
    'the first operator comes in, invites a secretary and makes a key; scripts: %s',
    { timeout: 120_000 },
    async (script) => {
      const { publicUrl, first } = await openDoor()
      const context = await browser.newContext({ locale: language === 'fr' ? 'fr-CA' : 'en-CA', javaScriptEnabled: script })
      onTestFinished(() => context.close())
      const page = await context.newPage()
      const faults: string[] = []
      const judge = async (name: string) => {
        if (script) faults.push(...(await faultsEverywhere(page)).map((fault) => `${name}, ${fault}`))
        await page.screenshot({ path: `test/browser/artifacts/${name}-${language}.png`, fullPage: true })
      }
      await page.goto(first)
      await judge('first-operator')
      await page.fill('#name', 'Nadia Roy')
      await page.fill('#login', 'nadia')
      await page.fill('#wanted', 'short password')
      await page.fill('#again', 'not the same')
      await follow(page.locator('main form button'))
      await judge('first-operator-refused')
      expect(await page.inputValue('#login')).toBe('nadia')
      await page.fill('#wanted', goodPassword)
      await page.fill('#again', goodPassword)
      await follow(page.locator('main form button'))
      await judge('sign-in')
      await page.fill('#login', 'nadia')
      await page.fill('#password', goodPassword)
      await follow(page.getByRole('button', { name: words[language].signIn }))
      await page.goto(`${publicUrl}/console/me`)
      await judge('my-account')
      await page.goto(`${publicUrl}/console/me/codes`)
      await judge('second-factor')
      await page.goto(`${publicUrl}/console/access`)
      await judge('access')
      await page.fill('#user-name', words[language].secretary)
      await page.fill('#user-login', 'sam')
      await follow(page.getByRole('button', { name: words[language].add, exact: true }))
      await judge('invitation')
      const link = await page.inputValue('#secret')
      await page.goto(`${publicUrl}/console/access`)
      await page.fill('#key-name', 'laboratory')
      await follow(page.getByRole('button', { name: words[language].key, exact: true }))
      expect(await page.inputValue('#secret')).toMatch(/^rpl_/)
      await page.goto(`${publicUrl}/console/access`)
      await follow(page.getByRole('link', { name: words[language].secretary }))
      await judge('one-user')
      await page.goto(`${publicUrl}/console/me`)
      await follow(page.getByRole('button', { name: words[language].signOut }))
      await page.goto(`${publicUrl}/console/access`)
      expect(new URL(page.url()).pathname).toBe('/console/sign-in')
      await page.goto(link)
      await judge('invited')
      expect(faults).toEqual([])
    },
  )
})
