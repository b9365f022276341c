import type { Temporal } from 'temporal-polyfill'
import type { Mailbox } from '../channels/mailbox/mailbox.ts'
import type { ChartAppointment, Protocol } from '../connectors/simulator/chart.ts'
import type { Simulator } from '../connectors/simulator/simulator.ts'
import { type Account, signIn } from './account.ts'
import type { Browser } from './browser.ts'
import { browser, findForm } from './browser.ts'
import type { Cast, News, Reachable } from './cast.ts'
import { openCast, plain, sayings } from './cast.ts'
import { startIn } from './demo-time.ts'
import { pollFor } from './poll.ts'
import type { Transcript } from './transcript.ts'
import { expectThat, transcript } from './transcript.ts'

/** Everything the script touches: the EHR, what patients received, and Rappel from outside. */
export interface World {
  readonly simulator: Simulator
  readonly mailbox: Pick<Mailbox, 'messages'>
  readonly fetch: typeof globalThis.fetch
  readonly print: (line: string) => void
  /** Rappel's own address, without a slash at the end. */
  readonly rappelUrl: string
  /** A bearer token that may read the quarantine. */
  readonly apiToken: string
  /** Somebody who may sign in to the console. */
  readonly account: Account
  /** How long one thing may take to happen. Default 15 s. */
  readonly patienceMs?: number
}

interface Stage extends World {
  readonly patienceMs: number
  readonly protocol: Protocol
  readonly log: Transcript
  readonly cast: Cast
  readonly patient: Browser
}

/** Plays the demo without a browser, by each protocol, printing a line per step. */
export async function playScript(world: World): Promise<{ readonly passed: number; readonly failed: number }> {
  const log = transcript(world.print)
  const patienceMs = world.patienceMs ?? 15_000
  const cast = openCast({ ...world, patienceMs })
  for (const protocol of ['hl7v2', 'fhir'] as const) {
    const stage: Stage = { ...world, patienceMs, protocol, log, cast, patient: browser(world.fetch) }
    await log.scenario(() => patientAnswers(stage))
    await log.scenario(() => patientArrives(stage))
    await log.scenario(() => clinicCancels(stage))
    await log.scenario(() => unknownMotif(stage))
  }
  const hl7: Stage = { ...world, patienceMs, protocol: 'hl7v2', log, cast, patient: browser(world.fetch) }
  await log.scenario(() => sameMessageAgain(hl7))
  await log.scenario(() => unreadableMessage(hl7))
  await log.scenario(() => consoleTells(hl7))
  return log.result()
}

/** One step, named with its protocol. */
function step<T>({ log, protocol }: Stage, name: string, work: () => T | Promise<T>): Promise<T> {
  return log.step(`${protocol === 'fhir' ? 'FHIR  ' : 'HL7 v2'}  ${name}`, work)
}

interface Booked {
  readonly who: Reachable
  readonly id: string
  readonly news: News
  readonly link: string
}

function linkOf(news: News): string {
  const links = [news.email, news.sms].map((message) => message.links)
  expectThat(
    links.every((each) => each.length === 1),
    'each message carries one link',
  )
  return links[0]?.[0] ?? ''
}

/** That both messages say this hour of this day, and nothing of the motif. */
function expectTold({ simulator }: Stage, news: News, start: Temporal.Instant): void {
  const said = sayings(start, simulator.now(), simulator.zone)
  expectThat(plain(news.email.subject).includes(said.subject), `the subject says “${said.subject}”`)
  expectThat(plain(news.sms.text).includes(said.sms), `the text says “${said.sms}”`)
  expectThat(!/consultation/i.test(`${news.email.subject} ${news.sms.text}`), 'neither says why the patient comes')
}

async function book(stage: Stage, ahead: string): Promise<Booked> {
  const { simulator, cast, protocol } = stage
  const who = cast.newPatient()
  const start = startIn(simulator.now(), ahead)
  const { id } = simulator.chart.book({ protocol, patientId: who.id, start })
  const news = await cast.next(who, 0)
  expectTold(stage, news, start)
  return { who, id, news, link: linkOf(news) }
}

function inChart({ simulator, patienceMs }: Stage, id: string, what: string, holds: (appointment: ChartAppointment) => boolean) {
  return pollFor(what, patienceMs, () => {
    const appointment = simulator.chart.find(id)
    return appointment && holds(appointment) ? appointment : undefined
  })
}

/** Another appointment, booked after: once its messages are here, whatever was to come before has come. */
async function expectSilence(stage: Stage, who: Reachable, heard: number): Promise<void> {
  await book(stage, 'P3D')
  expectThat(stage.cast.heard(who) === heard, 'no message came')
}

async function patientAnswers(stage: Stage): Promise<void> {
  const { simulator, patient, cast } = stage
  const { chart } = simulator
  const { who, id, link } = await step(stage, 'books in 30 hours: an e-mail and a text, right date, one link', () => book(stage, 'PT30H'))

  const page = await step(stage, 'the link shows the appointment and changes nothing', async () => {
    const opened = await patient.open(link)
    expectThat(opened.status === 200, `the page answers 200, not ${opened.status}`)
    expectThat(findForm(opened, '/confirm') !== undefined, 'the page lets the patient confirm')
    expectThat(chart.find(id)?.version === 1, 'the chart is as it was')
    return opened
  })

  await step(stage, 'the patient confirms: the chart says so', async () => {
    await patient.submit(page, '/confirm')
    await inChart(stage, id, 'the confirmation', (appointment) => appointment.confirmed === true)
  })

  const moved = await step(stage, 'the clinic moves it: the patient is told the new hour', async () => {
    const heard = cast.heard(who)
    const start = startIn(simulator.now(), 'PT33H')
    chart.move(id, start)
    const news = await cast.next(who, heard)
    expectTold(stage, news, start)
    return linkOf(news)
  })

  await step(stage, 'the answer to the old hour no longer counts', async () => {
    await patient.submit(page, '/confirm')
    const opened = await patient.open(moved)
    expectThat(findForm(opened, '/confirm') !== undefined, 'the page asks again')
    expectThat(chart.find(id)?.confirmed === undefined, 'the chart holds no confirmation')
  })

  const heard = cast.heard(who)
  await step(stage, 'the patient cancels in two steps: the chart says so', async () => {
    const asked = await patient.open(`${moved}?step=cancel`)
    expectThat(chart.find(id)?.status === 'booked', 'asking cancels nothing')
    await patient.submit(asked, '/cancel')
    await inChart(stage, id, 'the cancellation', (appointment) => appointment.status === 'cancelled')
  })
  await step(stage, 'no notice of it bounces back', () => expectSilence(stage, who, heard))
}

async function patientArrives(stage: Stage): Promise<void> {
  const { id, link } = await step(stage, 'books in 20 minutes: an e-mail and a text', () => book(stage, 'PT20M'))
  await step(stage, 'the patient is there: the chart says so', async () => {
    await stage.patient.submit(await stage.patient.open(link), '/arrive')
    await inChart(stage, id, 'the arrival', (appointment) => appointment.status === 'arrived')
  })
}

async function clinicCancels(stage: Stage): Promise<void> {
  const { who, id } = await step(stage, 'books in 3 days: an e-mail and a text', () => book(stage, 'P3D'))
  await step(stage, 'the clinic cancels: the patient is told', async () => {
    const heard = stage.cast.heard(who)
    stage.simulator.chart.cancel(id)
    const { email, sms } = await stage.cast.next(who, heard)
    expectThat(
      [plain(email.subject), sms.text].every((text) => /annul/i.test(text)),
      'both messages say that it is cancelled',
    )
  })
}

async function unknownMotif(stage: Stage): Promise<void> {
  const { simulator, cast, protocol } = stage
  await step(stage, 'a motif nobody has set tells nobody', async () => {
    const who = cast.newPatient()
    simulator.chart.book({ protocol, patientId: who.id, start: startIn(simulator.now(), 'PT30H'), motif: 'BILAN' })
    await expectSilence(stage, who, 0)
  })
}

async function sameMessageAgain(stage: Stage): Promise<void> {
  const { simulator, cast } = stage
  const { who, id } = await step(stage, 'books in 3 days: an e-mail and a text', () => book(stage, 'P3D'))
  await step(stage, 'the same message again is answered AA and tells nobody', async () => {
    const heard = cast.heard(who)
    const first = simulator.journal.exchanges().find((exchange) => exchange.appointmentId === id)
    const answer = await simulator.sendHl7(first?.sent ?? '')
    expectThat(answer?.includes('\rMSA|AA|') === true, 'the answer is AA')
    await expectSilence(stage, who, heard)
  })
}

async function unreadableMessage(stage: Stage): Promise<void> {
  const { simulator, patienceMs } = stage
  await step(stage, 'an unreadable message is answered AE and waits in quarantine', async () => {
    const before = await quarantined(stage)
    const at = simulator.now().epochMilliseconds
    const message = `MSH|^~\\&|MEDIPLAN|TILLEULS|RAPPEL|TILLEULS|${hl7Now(simulator)}||SIU^S12^SIU_S12|X${at}|P|2.5.1\rPID|1||X${at}\r`
    const answer = await simulator.sendHl7(message)
    expectThat(/\rMSA\|AE\|.*\rERR\|/s.test(answer ?? ''), 'the answer is AE and says where')
    await pollFor('the message in quarantine', patienceMs, async () => ((await quarantined(stage)) > before ? true : undefined))
  })
}

function hl7Now(simulator: Simulator): string {
  return simulator.now().toZonedDateTimeISO(simulator.zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replace(/\D/g, '')
}

/** How many messages the API lists: a list, or an object that holds one. */
async function quarantined({ fetch, rappelUrl, apiToken }: Stage): Promise<number> {
  const headers = { authorization: `Bearer ${apiToken}` }
  const response = await fetch(`${rappelUrl}/api/v1/quarantine`, { headers, signal: AbortSignal.timeout(10_000) })
  expectThat(response.ok, `the quarantine answers 200, not ${response.status}`)
  const body: unknown = await response.json()
  const list = Array.isArray(body) ? body : Object.values(body ?? {}).find((value) => Array.isArray(value))
  return Array.isArray(list) ? list.length : 0
}

/** Staff sign in, and find what was told to whom, and why. */
async function consoleTells({ rappelUrl, account, fetch, log }: Stage): Promise<void> {
  const cookie = await log.step('console staff sign in', () => signIn(rappelUrl, account, fetch))
  const open = async (path: string) => {
    const answer = await fetch(`${rappelUrl}${path}`, { headers: { cookie, 'accept-language': 'fr' } })
    return { status: answer.status, html: await answer.text() }
  }
  const appointments = '/console/clinics/tilleuls/appointments'
  const one = await log.step('console the appointments are listed', async () => {
    const { status, html } = await open(appointments)
    const address = new RegExp(`href="(${appointments}/[^"?]+)"`).exec(html)?.[1]
    expectThat(status === 200 && address !== undefined, 'there is an appointment to open')
    return address ?? ''
  })
  await log.step('console each message answers: Pourquoi ?', async () => {
    const { status, html } = await open(one)
    expectThat(status === 200 && html.includes('Pourquoi'), 'the page says why')
  })
}
