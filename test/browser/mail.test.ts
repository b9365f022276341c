import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startIn } from '../../src/demo/demo-time.ts'
import type { Programs } from '../peers/programs.ts'
import { freePort, programs, tool, until } from '../peers/programs.ts'
import { faultsEverywhere } from './axe.ts'
import { launchChromium, openPhone, picture, watchRequests } from './chromium.ts'
import type { ClinicDay } from './clinic-day.ts'
import { openClinicDay } from './clinic-day.ts'

/** As Python's own `email` reads what came over SMTP. */
interface ReadMail {
  readonly to: readonly string[]
  readonly message_id: string
  readonly subject: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string | null
  readonly html: string | null
  readonly calendar: string | null
}

let browser: Browser
let sink: Programs
let day: ClinicDay

beforeAll(async () => {
  browser = await launchChromium()
  sink = programs('browser')
  const smtpPort = await freePort()
  await sink.start(
    'python3',
    [tool('mail_sink.py'), '--port', String(smtpPort), '--ledger', join(sink.folder, 'mail.jsonl')],
    'mail sink on',
  )
  day = await openClinicDay({ cancelUndo: 'PT5M', smtpPort })
})
afterAll(async () => {
  await browser?.close()
  await day?.close()
  sink?.close()
})

const mailsTo = (email: string) => sink.rows<ReadMail>('mail.jsonl').filter(({ to }) => to.includes(email))

async function mailAfter(email: string, heard: number): Promise<ReadMail> {
  return until('an e-mail at the other server', 30, () => mailsTo(email)[heard])
}

test.each(['fr', 'en'] as const)(
  'what another’s mail server received is whole: two twins of one text, one link, and it opens (%s)',
  async (language) => {
    const patient = day.newPatient(language)
    day.simulator.chart.book({ protocol: 'hl7v2', patientId: patient.id, start: startIn(day.simulator.now(), 'PT30H') })
    const mail = await mailAfter(patient.email, 0)
    expect(mail.headers['Content-Type']).toMatch(/^multipart\/(alternative|mixed);/)
    expect(mail.message_id.trim()).toMatch(/^<[0-9a-f]{64}@127\.0\.0\.1>$/)
    expect(mail.headers['Auto-Submitted']).toBe('auto-generated')
    expect(mail.headers['List-Unsubscribe']).toMatch(/^\s*<http:\/\/127\.0\.0\.1:\d+\/\S+>$/)
    expect(mail.calendar?.split(/\r?\n/)).toEqual(
      expect.arrayContaining(['BEGIN:VCALENDAR', 'METHOD:PUBLISH', 'STATUS:CONFIRMED', 'END:VCALENDAR']),
    )
    expect(`${mail.subject}${mail.text}`).not.toMatch(/consultation/i)
    const links = new Set(
      [...`${mail.text} ${mail.html}`.matchAll(/http:\/\/127\.0\.0\.1:\d+\/[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g)].map(([link]) => link),
    )
    expect(links.size).toBe(1)

    const phone = await openPhone(browser, { language, script: false })
    onTestFinished(() => phone.close())
    const page = await phone.newPage()
    const requests = watchRequests(page)
    await page.setContent(mail.html ?? '')
    expect(requests.map((request) => request.url())).toEqual([])
    await picture(page, `mail ${language} light`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, `mail ${language} dark`)
    await page
      .locator(`a[href="${[...links][0]}"]`)
      .first()
      .click()
    await page.waitForURL(/\/[A-Za-z0-9_-]{22}/)
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  },
)

test.each(['fr', 'en'] as const)('the e-mail itself can be read by everybody, at each width, by day and by night: %s', async (language) => {
  const patient = day.newPatient(language)
  day.simulator.chart.book({ protocol: 'hl7v2', patientId: patient.id, start: startIn(day.simulator.now(), 'P3D') })
  const { html } = await mailAfter(patient.email, 0)
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.setContent(html ?? '')
  expect(await faultsEverywhere(page)).toEqual([])
})

test.each(['fr', 'en'] as const)(
  'the address of List-Unsubscribe opens a page that stops nothing until its button is pressed: %s',
  async (language) => {
    const patient = day.newPatient(language)
    day.simulator.chart.book({ protocol: 'hl7v2', patientId: patient.id, start: startIn(day.simulator.now(), 'P3D') })
    const { headers } = await mailAfter(patient.email, 0)
    const phone = await openPhone(browser, { language })
    onTestFinished(() => phone.close())
    const page = await phone.newPage()
    for (let visits = 0; visits < 2; visits += 1) {
      await page.goto(headers['List-Unsubscribe']?.trim().slice(1, -1) ?? '')
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
    }
    await picture(page, `mail stop ${language}`)
    expect(await faultsEverywhere(page)).toEqual([])
    const asked = await page.locator('main').innerText()
    await page.locator('main form button').click()
    expect(await page.locator('main').innerText()).not.toBe(asked)
    await picture(page, `mail stopped ${language}`)
  },
)
