import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newDelivery } from '../../src/core/webhook.ts'
import type { Language } from '../../src/core/words/language.ts'
import { bookedChange, start } from '../support/clinic.ts'
import { doorOf, goodPassword } from '../support/identity.ts'
import { openRappel } from '../support/rappel.ts'
import { workbenchFor } from '../support/workbench.ts'
import { faultsEverywhere } from './axe.ts'
import { follow, launchChromium, openPhone, picture } from './chromium.ts'
import { addressesOfPages } from './console-pages.ts'
import { serveApp } from './served.ts'

let browser: Browser
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => context?.close())
afterAll(() => browser?.close())

const workbench = workbenchFor(`  - id: tilleuls
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    listen: { port: 6661 }
    mapping: { agenda: [AIP-3.1] }
    writeBack: { host: 127.0.0.1, port: 6662 }
`)

const siu = [
  'MSH|^~\\&|MEDIPLAN|TILLEULS|RAPPEL|TILLEULS|20261123141207||SIU^S12^SIU_S12|MP0048121|P|2.5.1',
  'SCH|RV-77120|RV-77120|||||CONSULT^Consultation||20|min|^^20^20261126094000^20261126100000||||||||||||||CNF?',
  'PID|1||004417^^^MEDIPLAN^MR||Gagnon^Élise||19790412|F|||||^PRN^CP^^^418^5550177',
  'AIP|1|U|moreau^Moreau^Claire',
].join('\n')

/** A clinic where a little of everything has happened, and somebody of the operators signed in at a computer. */
async function openConsole({ language = 'fr' as Language, script = true } = {}) {
  const rappel = await openRappel({ workbench })
  await rappel.hear(bookedChange())
  await rappel.send()
  let mended = false
  await rappel.ingest.receive(
    rappel.ehr.envelope(() =>
      mended
        ? { kind: 'changes', changes: [bookedChange({ ehrId: 'A2' })] }
        : { kind: 'unreadable', fault: { kind: 'content', code: '103', at: 'SCH-25', text: 'unknown status word' } },
    ),
  )
  const now = rappel.clock.now()
  await rappel.store.transact(async (tx) => {
    await tx.writeBacks.save({
      id: 'tilleuls:A1:confirm:1:x',
      appointmentId: 'tilleuls:A1',
      connectorId: 'tilleuls',
      ehrId: 'A1',
      patientEhrId: 'P1',
      kind: 'confirm',
      start,
      answeredAt: now,
      dueAt: now,
      state: 'failed',
      reason: 'refused',
      attempts: 3,
      nextTryAt: now,
    })
    const line = {
      clinicId: 'tilleuls',
      appointmentId: 'tilleuls:A1',
      patientId: 'tilleuls:P1',
      createdAt: now,
      forgetAt: now.add({ hours: 99 }),
    }
    await tx.toDo.save({ ...line, id: 'reply:1', kind: 'reply', text: 'Je serai en retard', contact: '+14185550177' })
    await tx.webhooks.save({
      id: 'we_1',
      clinicId: 'tilleuls',
      url: 'https://entrepot.tilleuls.example/rappel',
      events: ['notification.failed'],
      secrets: [{ secret: 'whsec_c2VjcmV0' }],
      state: 'enabled',
      createdAt: now,
      createdBy: 'user:nadia',
    })
    const event = { id: 'msg_1', clinicId: 'tilleuls', type: 'notification.failed', at: now, data: {} } as const
    await tx.webhooks.insertEvent(event)
    await tx.webhooks.saveDelivery({
      ...newDelivery('we_1', event, now),
      state: 'failed',
      attempts: 10,
      answers: [{ at: now, status: 503, ms: 40 }],
    })
  })
  const door = doorOf(rappel)
  await door.user('nadia', 'operator', { language })
  const staff = door.browser()
  await staff.post('/console/sign-in', { login: 'nadia', password: goodPassword }, { 'accept-language': language })
  const cookie = [...staff.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const { url, close } = await serveApp({
    fetch: (request) => {
      const headers = new Headers(request.headers)
      headers.set('cookie', [cookie, headers.get('cookie')].filter(Boolean).join('; '))
      return door.app.fetch(new Request(request, { headers }))
    },
  })
  context = await openPhone(browser, { language, script, width: 1366, height: 900 })
  context.on('close', () => void close())
  const page = await context.newPage()
  const mend = () => {
    mended = true
  }
  return { ...rappel, door, cookie, page, url, mend }
}

const said = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ')

test('every page of the console can be read and used at every width in both schemes', { timeout: 600_000 }, async () => {
  const { door, cookie, routes, page, url } = await openConsole()
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'accept-language': 'fr' }
  const { pages, unreached } = await addressesOfPages(routes(), async (path) => door.app.request(path, { headers }))
  expect(unreached, 'pages no other page leads to').toEqual([])
  expect(pages.length).toBeGreaterThan(20)
  const faults: string[] = []
  for (const path of pages) {
    await page.goto(`${url}${path}`)
    faults.push(...(await faultsEverywhere(page)).map((fault) => `${path}: ${fault}`))
    await page.setViewportSize({ width: 1366, height: 900 })
    await picture(page, `console ${path.replace('/console', '').replace('/clinics/tilleuls', '')}`)
  }
  expect(faults).toEqual([])
})

const words = {
  fr: {
    read: 'Lire le message',
    edit: 'Essayer un autre mapping',
    mapping: 'Mapping à essayer (YAML)',
    unknown: 'un mot de statut sans signification',
    retry: 'Relancer ce message',
    applied: 'Le message est lu, et son rendez-vous est à jour.',
    verify: 'Vérifier maintenant',
    whole: 'La chaîne est entière',
    url: 'Adresse',
    add: 'Ajouter',
    copy: 'Copier',
    copied: 'Copié.',
    back: 'Revenir à l’adresse',
    failed: 'HTTP 503',
    again: 'Renvoyer msg_1',
    told: 'Un fait est renvoyé.',
  },
  en: {
    read: 'Read the message',
    edit: 'Try another mapping',
    mapping: 'Mapping to try (YAML)',
    unknown: 'a status word without a meaning',
    retry: 'Read this message again',
    applied: 'The message is read, and its appointment is up to date.',
    verify: 'Verify now',
    whole: 'The chain is whole',
    url: 'Address',
    add: 'Add',
    copy: 'Copy',
    copied: 'Copied.',
    back: 'Back to the address',
    failed: 'HTTP 503',
    again: 'Send again msg_1',
    told: 'One fact is sent again.',
  },
} as const

describe.each([
  ['fr', true],
  ['en', false],
] as const)('an integrator, in %s, scripts %s', (language, script) => {
  const text = words[language]

  test('tries a mapping on a pasted message until it reads right, then has the quarantine read again', async () => {
    const { page, url, mend } = await openConsole({ language, script })
    await page.goto(`${url}/console/connectors/tilleuls`)
    await page.locator('#message').fill(siu)
    await page.getByRole('button', { name: text.read }).click()
    expect(await said(page)).toContain(text.unknown)
    expect(await said(page)).toContain('Filler Status Code')
    const mapping = page.getByLabel(text.mapping)
    // open already where a mapping was tried
    if (!(await mapping.isVisible())) await page.getByText(text.edit).click()
    await mapping.fill('agenda: [AIP-3.1]\nstatusMap:\n  "CNF?": { status: booked, confirmation: confirmed }\n')
    await page.getByRole('button', { name: text.read }).click()
    expect(await said(page)).not.toContain(text.unknown)
    expect(await said(page)).toContain('statusMap')
    await picture(page, `console mapping tried in ${language}`)
    mend()
    await page.goto(`${url}/console/quarantine`)
    await page.locator('tbody a').first().click()
    await page.getByRole('button', { name: text.retry }).click()
    expect(await said(page)).toContain(text.applied)
  })

  test('verifies the chain of the audit', async () => {
    const { page, url } = await openConsole({ language, script })
    await page.goto(`${url}/console/audit`)
    await follow(page.getByRole('button', { name: text.verify }))
    await expect
      .poll(async () => {
        await page.goto(`${url}/console/audit`)
        return await said(page)
      })
      .toContain(text.whole)
  })

  test('adds an address that is told, copies its secret, and tells another again what it did not take', async () => {
    const { page, url } = await openConsole({ language, script })
    await page.goto(`${url}/console/clinics/tilleuls/webhooks`)
    await page.getByLabel(text.url, { exact: true }).fill('http://127.0.0.1:9/hook')
    await page.getByRole('button', { name: text.add }).click()
    const secret = page.locator('#secret')
    await secret.waitFor()
    expect(await secret.inputValue()).toMatch(/^whsec_/)
    if (script) expect(await faultsEverywhere(page)).toEqual([])
    const copy = page.getByRole('button', { name: text.copy })
    // without a script there is no button that does nothing: the field is selected by hand
    if (script) {
      await copy.click()
      await page.getByText(text.copied).waitFor()
    } else expect(await copy.count()).toBe(0)
    await picture(page, `console webhook secret in ${language}`)
    await page.getByRole('link', { name: text.back }).click()
    await page.goto(`${url}/console/clinics/tilleuls/webhooks/we_1`)
    expect(await said(page)).toContain(text.failed)
    await page.getByRole('button', { name: text.again }).click()
    await page.getByText(text.told).waitFor()
  })
})
