import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Channel } from '../src/channels/channel.ts'
import { built } from './built.ts'
import { describeCommit, describeMachine } from './machine.ts'
import { graceMs, openWorld } from './world.ts'

const help = `What falls due and leaves, by the loop that sends, to a channel that takes everything at once. Each is decided again, written down before it is
handed over, and written down after; what it says is composed. With so many others pending:
  due → handed over at 200 a second; one durable plan and a group of 64 with few and with many pending; so many due at once.

usage: npm run bench:sending [-- --few 10000 --many 1000000 --at-once 10000 --seconds 10 --json FILE]
needs: npm run build
`

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '10000' },
    many: { type: 'string', default: '1000000' },
    'at-once': { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const { createDispatch } = await built<typeof import('../src/server/sending/dispatch.ts')>('server/sending/dispatch.js')
const { startLoop } = await built<typeof import('../src/server/loop.ts')>('server/loop.js')
const { createMetrics } = await built<typeof import('../src/server/metrics.ts')>('server/metrics.js')
const { createLog } = await built<typeof import('../src/server/log.ts')>('server/log.js')
const { systemClock } = await built<typeof import('../src/server/clock.ts')>('server/clock.js')

const log = createLog('error', (line) => void process.stderr.write(line))
const folder = mkdtempSync(join(tmpdir(), 'rappel-bench-'))
const { store, book, withAgendas, fillNotifications } = await openWorld(folder)

const p99 = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? Number.NaN

/** Starts the loop that sends; `handed`: called with the time of each. */
function startSending(handed: (at: number) => void) {
  const sms: Channel = {
    kind: 'sms',
    async send() {
      handed(Date.now())
      return { kind: 'accepted', providerId: `B${Math.random()}` }
    },
  }
  const stop = new AbortController()
  const deps = { store, clock: systemClock, log, metrics: createMetrics(), connectors: new Map(), publicUrl: 'https://rdv.example' }
  const dispatch = createDispatch({ ...deps, channels: new Map([['sms', sms]]), retries: [], sendTimeout: Temporal.Duration.from('PT20S') })
  const loop = startLoop(dispatch, { clock: systemClock, log }, stop.signal)
  return {
    wake: loop.wake,
    async stop() {
      stop.abort()
      await loop.done
    },
  }
}

/** 200 a second, each due so long after it was planned. Milliseconds from due to handed over. */
async function lateness(seconds: number): Promise<readonly number[]> {
  const [due, handed]: [number[], number[]] = [[], []]
  const sending = startSending((at) => handed.push(at))
  const begun = performance.now()
  for (let index = 0; index < seconds * 200; index += 1) {
    const ahead = begun + index * 5 - performance.now()
    if (ahead > 0) await wait(ahead)
    due.push(await book())
    sending.wake()
  }
  while (handed.length < due.length) await wait(50)
  await sending.stop()
  // the loop takes what is due first: the n-th that left is the n-th that fell due
  return handed.map((at, index) => Math.max(0, at - (due[index] ?? at)))
}

/** Milliseconds of a durable plan alone, and plans a second where 64 wait together. */
async function planning(): Promise<{ readonly oneMs: number; readonly perSecond: number }> {
  for (let index = 0; index < 300; index += 1) await book()
  const one: number[] = []
  for (let index = 0; index < 300; index += 1) {
    const begun = performance.now()
    await book()
    one.push(performance.now() - begun)
  }
  const begun = performance.now()
  for (let group = 0; group < 40; group += 1) await Promise.all(Array.from({ length: 64 }, book))
  const oneMs = one.sort((a, b) => a - b)[150] ?? Number.NaN
  return { oneMs, perSecond: (40 * 64 * 1000) / (performance.now() - begun) }
}

/** All planned, then all due: until the last state is written down. */
async function together(count: number): Promise<{ readonly perSecond: number; readonly firstMs: number }> {
  for (let from = 0; from < count; from += 250) await Promise.all(Array.from({ length: Math.min(250, count - from) }, book))
  await wait(graceMs)
  const handed: number[] = []
  const begun = Date.now()
  const sending = startSending((at) => handed.push(at))
  while (handed.length < count) await wait(20)
  await sending.stop()
  return { perSecond: (count * 1000) / (Date.now() - begun), firstMs: (handed[0] ?? Number.NaN) - begun }
}

async function main(): Promise<void> {
  await withAgendas(1)
  const [machine, few, many] = [describeMachine(), Number(values.few), Number(values.many)]
  await fillNotifications(few)
  // what the first plans have left is sent, and the code is warm
  await lateness(3)
  const atFew = await planning()
  await fillNotifications(many)
  const atMany = await planning()
  await drain()
  const late = await lateness(Number(values.seconds))
  const once = await together(Number(values['at-once']))
  const rows = {
    few,
    many,
    atFew,
    atMany,
    lateP99Ms: p99(late),
    lateMedianMs: [...late].sort((a, b) => a - b)[late.length >> 1],
    atOnce: Number(values['at-once']),
    ...once,
  }
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ commit: describeCommit(), machine, rows }, null, 2)}\n`)
}

/** Until nothing is due any more. */
async function drain(): Promise<void> {
  const sending = startSending(() => undefined)
  const soon = () => systemClock.now().add({ milliseconds: graceMs * 4 })
  for (;;) {
    const at = await store.read((tx) => tx.notifications.nextDueAt())
    if (!at || Temporal.Instant.compare(at, soon()) > 0) break
    await wait(100)
  }
  await sending.stop()
}

if (values.help) process.stdout.write(help)
else
  try {
    await main()
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
