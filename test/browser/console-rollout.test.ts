import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../src/core/words/language.ts'
import { holdsTexts } from '../../src/server/console/holds/texts.ts'
import { shadowTexts } from '../../src/server/console/shadow/texts-by-language.ts'
import { agendaSettings, bookedChange, clinicSettings, mobile } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'
import { faultsEverywhere } from './axe.ts'
import { launchChromium, picture } from './chromium.ts'
import { seatStaff } from './staff.ts'

let browser: Browser
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(() => context?.close())
afterAll(() => browser?.close())

const clinic = '/console/clinics/tilleuls'
const log = [
  'when,channel,kind,appointment,contact,outcome',
  '2026-11-24T02:00:10Z,sms,confirmation,A1,,sent',
  '2026-11-24T12:00:00Z,fax,reminder,A1,,sent',
  '',
].join('\n')

async function seat(rappel: Awaited<ReturnType<typeof openRappel>>, language: Language, script: boolean) {
  const seated = await seatStaff(browser, rappel, { role: 'admin', language, script })
  context = seated.context
  return seated
}

/** Nothing that keeps somebody from using it, where axe can look. */
async function lookAt(page: Page, name: string, script: boolean): Promise<void> {
  if (script) expect(await faultsEverywhere(page)).toEqual([])
  await page.setViewportSize({ width: 1366, height: 900 })
  await picture(page, name)
}

describe.each([
  ['fr', true],
  ['en', false],
] as const)('an administrator, in %s, scripts %s', (language, script) => {
  test('goes from shadow to a share of the patients, having seen the former system’s log beside ours', { timeout: 120_000 }, async () => {
    const texts = shadowTexts[language]
    const agendas = { moreau: { ...agendaSettings(), label: 'Dre Moreau' } }
    const rappel = await openRappel({
      settings: clinicSettings({ rollout: { mode: 'shadow', percent: 0 }, agendas }),
      now: '2026-11-24T02:00:00Z',
    })
    await rappel.hear(bookedChange())
    await rappel.send()
    rappel.clock.advance({ hours: 1 })
    const { page, url } = await seat(rappel, language, script)
    await page.goto(`${url}${clinic}/shadow`)
    await page
      .getByText(texts.standing.shadow({ agendas: 0, percent: '' }), { exact: true })
      .first()
      .waitFor()
    await lookAt(page, `console shadow before in ${language}`, script)

    await page.locator('#file').setInputFiles({ name: 'journal.csv', mimeType: 'text/csv', buffer: Buffer.from(log) })
    await page.getByRole('button', { name: texts.take }).click()
    await page.getByText(texts.taken({ taken: '1', known: '0', refused: '1' })).waitFor()
    await lookAt(page, `console shadow compared in ${language}`, script)

    await page.locator('input[name=step][value=percent]').check()
    await page.locator('#percent').fill('20')
    await page.getByRole('button', { name: texts.preview }).click()
    await page.getByRole('heading', { level: 1, name: texts.previewTitle(texts.names.percent) }).waitFor()
    await lookAt(page, `console shadow step in ${language}`, script)
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.version, 'nothing is saved by looking').toBe(1)
    await page.getByRole('button', { name: texts.confirm }).click()
    await page.getByText(texts.saved(2)).waitFor()
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.rollout).toMatchObject({ mode: 'live', percent: 20 })
  })

  test('finds a channel that its provider has stopped, tries it, and what waited leaves (R21)', { timeout: 120_000 }, async () => {
    const texts = holdsTexts[language]
    const rappel = await openRappel()
    for (let each = 0; each < 12; each += 1)
      await rappel.hear(
        bookedChange({
          ehrId: `A${each}`,
          patient: {
            ehrId: `P${each}`,
            language: 'fr',
            name: { given: 'Anne', family: 'Roy' },
            contacts: [{ ...mobile, value: `+1418555${String(1000 + each)}` }],
          },
        }),
      )
    rappel.sms.outcomes.push(...Array.from({ length: 12 }, () => ({ kind: 'deferred', reason: 'twilio_20003', account: true }) as const))
    await rappel.send()
    rappel.clock.advance({ seconds: 31 })
    await rappel.send()
    const { page, url } = await seat(rappel, language, script)
    await page.goto(`${url}${clinic}/holds`)
    await page.getByText(texts.stopped.title(texts.stopped.channels.sms, 12)).waitFor()
    await lookAt(page, `console stopped channel in ${language}`, script)

    rappel.sms.outcomes.length = 0
    await page.getByLabel(texts.stopped.sure).check()
    await page.getByRole('button', { name: texts.stopped.release }).click()
    await page.getByText(texts.flash.retried).waitFor()
    for (let round = 0; round < 3; round += 1) {
      await rappel.send()
      rappel.clock.advance({ minutes: 31 })
    }
    expect(new Set(rappel.sms.sent.map(({ notificationId }) => notificationId)).size).toBe(12)
    await page.goto(`${url}${clinic}/appointments/tilleuls%3AA1`)
    await lookAt(page, `console appointment told in ${language}`, script)
  })
})
