import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Mailbox } from '../../src/channels/mailbox/mailbox.ts'
import { built } from '../built.ts'
import { freePort, serveRappel } from '../mllp.ts'
import { atMost, figureOf, type Row } from '../row.ts'
import type { Context, Part } from './context.ts'

const perSecond = 100
const warmUpSeconds = 8

interface Answered {
  readonly pages: readonly number[]
  readonly answers: readonly number[]
}

interface Page {
  readonly path: string
  /** What the form of the page sends back beside the answer. */
  basis?: string
}

/** A hundred a second, by the clock and whatever has not been answered yet: half of them patients who open their page, half that they cancel. In milliseconds. */
async function visit(pool: Pool, pages: readonly Page[]): Promise<Answered> {
  const took = { pages: [] as number[], answers: [] as number[], failed: 0 }
  const begun = performance.now()
  const timed = async (into: number[], work: () => Promise<boolean>) => {
    const from = performance.now()
    if (await work()) into.push(performance.now() - from)
    else took.failed += 1
  }
  const ask = async (options: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: string }) => {
    const headers = options.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const { statusCode, headers: answered, body } = await pool.request({ ...options, headers })
    return { statusCode, headers: answered, text: await body.text() }
  }
  const open = async (page: Page) => {
    const { statusCode, text } = await ask({ method: 'GET', path: `${page.path}?step=cancel` })
    const basis = /name="basis" value="([^"]+)"/.exec(text)?.[1]
    if (basis !== undefined) page.basis = basis
    return statusCode === 200 && basis !== undefined
  }
  const cancel = async ({ path, basis = '' }: Page) => {
    const { statusCode, headers } = await ask({ method: 'POST', path: `${path}/cancel`, body: new URLSearchParams({ basis }).toString() })
    return statusCode === 303 && !String(headers.location).includes('stale')
  }
  const going: Promise<void>[] = []
  const due = async (count: number) => {
    const ahead = begun + (count * 1_000) / perSecond - performance.now()
    if (ahead > 0) await wait(ahead)
  }
  // somebody answers half a second after opening
  const behind = perSecond / 4
  for (let index = 0; index < pages.length + behind; index += 1) {
    await due(index * 2)
    const [opened, answering] = [pages[index], pages[index - behind]]
    if (opened) going.push(timed(took.pages, () => open(opened)))
    await due(index * 2 + 1)
    if (answering) going.push(timed(took.answers, () => cancel(answering)))
  }
  await Promise.all(going)
  if (took.failed > 0) throw new Error(`${took.failed} pages were not shown, or answers not taken`)
  return took
}

const p99 = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? Number.NaN

async function measure(context: Context): Promise<Row> {
  const { openMailbox } = await built<typeof import('../../src/channels/mailbox/mailbox.ts')>('channels/mailbox/mailbox.js')
  const mailbox = await openMailbox({ account: { sid: `AC${'0'.repeat(32)}`, token: 'nothing leaves' } })
  try {
    return await whileBusy(context, mailbox)
  } finally {
    await mailbox.close()
  }
}

async function whileBusy(context: Context, mailbox: Mailbox): Promise<Row> {
  const { bench, seconds } = context
  const pages: Page[] = []
  mailbox.onMessage(({ channel, links: [link] }) => {
    if (channel === 'email' && link !== undefined) pages.push({ path: new URL(link).pathname })
  })
  const [told, busy] = [await freePort(), await freePort()]
  const folder = bench.newFolder()
  const store = `{ path: ${folder}/rappel.db }`
  const { server, webPort } = await serveRappel(folder, store, [told, busy], {
    smtpPort: mailbox.smtpPort,
    twilioUrl: mailbox.twilioUrl,
    grace: ['PT0S', 'PT24H'],
    // nobody is there: what patients answer waits
    ehrPort: 9,
  })
  const pool = new Pool(`http://127.0.0.1:${webPort}`, { connections: 64, pipelining: 1 })
  try {
    const wanted = (context.rounds * 2 + 1) * ((seconds * perSecond) / 2)
    context.say(`P14: ${wanted} patients are told`)
    while (pages.length < wanted) {
      const before = pages.length
      await bench.load(told, { connections: 8, seconds: 2, warmUp: 0 })
      await wait(2_000)
      if (pages.length === before) throw new Error('nobody is told')
    }
    // what is still to be told is told before anything is measured
    for (let seen = -1; seen !== pages.length; await wait(2_000)) seen = pages.length
    const next = () => pages.splice(0, (seconds * perSecond) / 2)
    await visit(pool, next())
    const idle: Answered[] = []
    const full: Answered[] = []
    for (let round = 0; round < context.rounds; round += 1) {
      context.say(`P14: pages with nothing else to do, and during intake, round ${round + 1}`)
      idle.push(await visit(pool, next()))
      const load = bench.load(busy, { connections: 64, seconds: seconds + 2, warmUp: warmUpSeconds })
      await wait(warmUpSeconds * 1_000)
      full.push(await visit(pool, next()))
      await load
    }
    const figure = (of: string, rounds: readonly Answered[], what: keyof Answered) =>
      figureOf(of, 'ms', rounds.map((each) => p99(each[what]))) // biome-ignore format: one line
    const figures = [
      figure('page, idle, p99', idle, 'pages'),
      figure('page, during intake, p99', full, 'pages'),
      figure('answer, idle, p99', idle, 'answers'),
      figure('answer, during intake, p99', full, 'answers'),
    ]
    const value = (of: string) => figures.find((each) => each.of === of)?.value ?? Number.NaN
    const times = (what: string) => value(`${what}, during intake, p99`) / value(`${what}, idle, p99`)
    return {
      id: 'P14',
      work: `patients' pages and their answers, ${perSecond} a second, while 64 connections bring all they can`,
      figures,
      verdicts: [atMost('page, × idle', times('page'), 3), atMost('answer, × idle', times('answer'), 3)],
      missing: [],
    }
  } finally {
    await pool.destroy()
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

export const page: Part = { ids: ['P14'], measure: async (context) => [await measure(context)] }
