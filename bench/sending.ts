import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Channel } from '../src/channels/channel.ts'
import type { AppointmentChange } from '../src/core/change.ts'
import type { Settings } from '../src/core/settings.ts'
import { describeCommit, describeMachine } from './machine.ts'

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

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname

async function built<T>(path: string): Promise<T> {
  const file = join(here, '..', 'dist', path)
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run build`)
  return (await import(file)) as T
}

const { openSqlite } = await built<typeof import('../src/store/sqlite.ts')>('store/sqlite.js')
const { connect } = await built<typeof import('../src/store/sqlite-connection.ts')>('store/sqlite-connection.js')
const { applyChange } = await built<typeof import('../src/server/intake/apply.ts')>('server/intake/apply.js')
const { createDispatch } = await built<typeof import('../src/server/sending/dispatch.ts')>('server/sending/dispatch.js')
const { startLoop } = await built<typeof import('../src/server/loop.ts')>('server/loop.js')
const { createMetrics } = await built<typeof import('../src/server/metrics.ts')>('server/metrics.js')
const { createLog } = await built<typeof import('../src/server/log.ts')>('server/log.js')
const { systemClock } = await built<typeof import('../src/server/clock.ts')>('server/clock.js')
const { ofys } = await built<typeof import('../src/core/cadences.ts')>('core/cadences.js')

const log = createLog('error', (line) => void process.stderr.write(line))
const clinicId = 'bench'
const source = { connectorId: 'ehr', clinicId, zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }
const graceMs = 5_000

/** Only a text at the booking: one appointment is one message. */
const settings: Settings = {
  version: 1,
  clinic: { id: clinicId, name: 'Clinique du Banc', phone: '418 555-0140', zone: 'America/Toronto', language: 'fr' },
  communications: true,
  smsActivated: true,
  channelPolicy: 'email_and_sms',
  smsToUnknown: true,
  cadence: { ...ofys, confirmation: ['sms'], steps: [] },
  grace: Temporal.Duration.from({ milliseconds: graceMs }),
  cancelUndo: Temporal.Duration.from('PT5M'),
  settingsEnabled: true,
  dailyCap: 6,
  fuse: { least: 50, factor: 5, agendas: 3 },
  absence: { least: 5, within: Temporal.Duration.from('PT10M') },
  smsPrices: [{ from: '2000-01-01', perSegment: 75, currency: 'CAD' }],
  senders: [],
  consent: 'implied',
  sites: {},
  agendas: {
    A: {
      live: true,
      switches: {
        email: { confirmation: true, reminder: true, change: true },
        sms: { confirmation: true, reminder: true, change: true },
        push: { confirmation: true, reminder: true, change: true },
      },
    },
  },
  motifs: { M: { type: 'onsite', notify: true, listed: true, confirmation: true, changes: true, reminder: true } },
  patients: {},
}

const folder = mkdtempSync(join(tmpdir(), 'rappel-bench-'))
const path = join(folder, 'rappel.db')
const store = await openSqlite({ path })
let next = 0

/** A booking of another patient each, planned as the intake does; when it is due. */
async function book(): Promise<number> {
  const index = next++
  const now = systemClock.now()
  const change: AppointmentChange = {
    ehrId: `A${index}`,
    stamp: { at: now },
    status: { value: 'booked' },
    time: { start: now.add({ hours: 72 + (index % 100) }) },
    agenda: { key: 'A' },
    motif: { key: 'M' },
    modality: { value: 'onsite' },
    // by the patient: such a confirmation is not kept from the night
    origin: 'patient_online',
    patient: {
      ehrId: `P${index}`,
      name: { given: 'Anne', family: 'Roy' },
      language: 'fr',
      contacts: [{ kind: 'phone', value: `+1418${String(2_000_000 + index)}`, mobile: 'yes' }],
    },
    warnings: [],
  }
  await store.transact((tx) => applyChange(tx, change, source, now, `bench:${index}`))
  return now.epochMilliseconds + graceMs
}

/** Rows that are pending and fall due long after; copies of one that was planned. */
async function fillTo(count: number): Promise<void> {
  if (next === 0) await book()
  const connection = await connect({ path })
  const before = Number(connection.query('select count(*) as rows from notifications')[0]?.rows)
  if (before < count)
    connection.exec(`with recursive n(i) as (select ${before} union all select i + 1 from n where i < ${count - 1})
      insert into notifications (id, clinic_id, appointment_id, pending_at, agenda_key, state, changed_at, doc)
      select 'ehr:F' || i || substr(id, instr(id, ':confirmation')), clinic_id, 'ehr:F' || i, pending_at + 864000000000 + (i * 7919 % 1000000) * 1000000,
        agenda_key, state, changed_at, doc from n, (select * from notifications where id like 'ehr:A0:%')`)
  connection.query('pragma wal_checkpoint(truncate)')
  connection.close()
}

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
  await store.transact((tx) => tx.settings.save(settings, systemClock.now()))
  const [machine, few, many] = [describeMachine(), Number(values.few), Number(values.many)]
  await fillTo(few)
  // what the first plans have left is sent, and the code is warm
  await lateness(3)
  const atFew = await planning()
  await fillTo(many)
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
