import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../src/core/words/language.ts'
import { startIn } from '../../src/demo/demo-time.ts'
import { DEMO_WORDS } from '../../src/demo/demo-words.ts'
import { textsIn } from '../../src/server/pages/texts.ts'
import { until } from '../peers/programs.ts'
import { launchChromium, openPhone, picture } from './chromium.ts'
import type { ClinicDay } from './clinic-day.ts'
import { openClinicDay } from './clinic-day.ts'

let browser: Browser
let day: ClinicDay
let phone: BrowserContext | undefined

beforeAll(async () => {
  browser = await launchChromium()
  day = await openClinicDay({ cancelUndo: 'PT6S' })
})
afterEach(() => phone?.close())
afterAll(async () => {
  await browser?.close()
  await day?.close()
})

interface Told {
  readonly page: Page
  readonly id: string
  readonly patient: ReturnType<ClinicDay['newPatient']>
}

/** Somebody has an appointment, was told of it by e-mail, and opened its link. */
async function told(language: Language, script: boolean, ahead: string, protocol: 'hl7v2' | 'fhir' = 'hl7v2'): Promise<Told> {
  phone = await openPhone(browser, { language, script })
  const patient = day.newPatient(language)
  const { id } = day.simulator.chart.book({ protocol, patientId: patient.id, start: startIn(day.simulator.now(), ahead) })
  const page = await phone.newPage()
  await page.goto(await linkOf(patient, 0))
  return { page, id, patient }
}

async function linkOf(patient: Told['patient'], heard: number): Promise<string> {
  const { links } = await day.emailAfter(patient, heard)
  const link = links[0]
  if (link === undefined) throw new Error('the e-mail has no link')
  return link
}

const said = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ')

/** What the chart says is known to the page a moment later: whoever looks again reads it. */
function comesToSay(page: Page, words: string): Promise<boolean> {
  return until(words, 20, async () => {
    await page.reload()
    return (await said(page)).includes(words) || undefined
  })
}

/** With plain spaces, as a page is read. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ')

const everyWay = [
  ['in French, with scripts', 'fr', true],
  ['in French, without', 'fr', false],
  ['in English, with scripts', 'en', true],
  ['in English, without', 'en', false],
] as const

describe.each(everyWay)('on a phone, %s', (way, language, script) => {
  const { buttons, ...texts } = textsIn(language)
  const demo = DEMO_WORDS[language]

  test('booked at the desk, told by e-mail, confirmed by the link: the chart says so', async () => {
    phone = await openPhone(browser, { language, script })
    const patient = day.newPatient(language)
    const desk = await phone.newPage()
    await desk.goto(`${day.ehrUrl}/?lang=${language}`)
    await desk.getByLabel(demo.book.patient, { exact: true }).selectOption(patient.id)
    await desk.getByRole('button', { name: script ? demo.byFhir : demo.byHl7 }).click()
    const { id: messageId } = await day.emailAfter(patient, 0)

    await desk.goto(`${day.ehrUrl}/mailbox?lang=${language}&open=${encodeURIComponent(messageId)}`)
    const [page] = await Promise.all([phone.waitForEvent('page'), desk.getByRole('link', { name: demo.box.open }).click()])
    await page.waitForLoadState()
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    await picture(page, `journey ${way} 1 opened`)
    await page.getByRole('button', { name: buttons.confirm }).click()
    expect(await said(page)).toContain(texts.confirmed)
    await picture(page, `journey ${way} 2 confirmed`)

    const booked = day.simulator.chart.appointments().find(({ patientId }) => patientId === patient.id)
    await day.charted(booked?.id ?? '', 'the confirmation', 30, ({ confirmed }) => confirmed === true)
    await desk.goto(`${day.ehrUrl}/?lang=${language}`)
    expect(await desk.locator('tr', { hasText: `${patient.given} ${patient.family}` }).innerText()).toContain(demo.confirmed)
    await comesToSay(page, texts.clinicKnows)
    await picture(page, `journey ${way} 3 the clinic knows`)
  })

  test('cancelled in two steps, restored, cancelled again: the chart says so once it can no longer be undone', async () => {
    const { page, id } = await told(language, script, 'PT30H')
    const cancel = async () => {
      await page.getByRole('link', { name: buttons.cancel }).click()
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(texts.cancelQuestion)
      await page.getByRole('button', { name: buttons.cancelForSure }).click()
      expect(await said(page)).toContain(texts.offByPatient)
    }
    await cancel()
    await picture(page, `journey ${way} 4 cancelled`)
    expect(day.simulator.chart.find(id)?.status).toBe('booked')
    await page.getByRole('button', { name: buttons.restore }).click()
    expect(await said(page)).toContain(texts.flash.restored.fact)
    await picture(page, `journey ${way} 5 restored`)
    await cancel()
    await day.charted(id, 'the cancellation', 40, ({ status }) => status === 'cancelled')
    expect(day.simulator.chart.find(id)?.history.every(({ status }) => status === 'booked')).toBe(true)
    await page.reload()
    expect(await page.getByRole('button').count()).toBe(0)
  })

  test('moved since the message: the page says from when to when, a stale tab changes nothing, the new hour can be confirmed', async () => {
    const { page, id, patient } = await told(language, script, 'PT30H', 'fhir')
    day.simulator.chart.move(id, startIn(day.simulator.now(), 'PT33H'))
    await day.emailAfter(patient, 1)
    await page.getByRole('button', { name: buttons.confirm }).click()
    expect(await said(page)).toContain(plain(texts.flash.stale.fact))
    expect(await page.locator('main s').count()).toBe(1)
    expect(day.simulator.chart.find(id)?.confirmed).toBeUndefined()
    await picture(page, `journey ${way} 6 moved`)
    await page.getByRole('button', { name: buttons.confirmNewTime }).click()
    await day.charted(id, 'the confirmation', 30, ({ confirmed }) => confirmed === true)
  })

  test('twenty minutes before: the patient is there, and the chart says so', async () => {
    const { page, id } = await told(language, script, 'PT20M')
    await picture(page, `journey ${way} 7 to arrive`)
    await page.getByRole('button', { name: buttons.arrive }).click()
    expect(await page.getByText(texts.arrivalNoted).or(page.getByText(texts.arrived)).count()).toBe(1)
    await day.charted(id, 'the arrival', 30, ({ status }) => status === 'arrived')
    await comesToSay(page, texts.arrived)
    await picture(page, `journey ${way} 8 arrived`)
  })

  test('called off by the clinic: the old link says so, and offers nothing but the phone', async () => {
    const { page, id, patient } = await told(language, script, 'PT30H')
    day.simulator.chart.cancel(id)
    await day.emailAfter(patient, 1)
    await page.reload()
    expect(await said(page)).toContain(texts.offByClinic)
    expect(await page.getByRole('button').count()).toBe(0)
    await picture(page, `journey ${way} 9 called off`)
  })
})
