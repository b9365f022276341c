import { existsSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { createApp } from '../src/server/app.ts'
import { systemClock } from '../src/server/clock.ts'
import { createFeed } from '../src/server/feed/feed.ts'
import { createIngest } from '../src/server/intake/ingest.ts'
import { createLog } from '../src/server/log.ts'
import { createMetrics } from '../src/server/metrics.ts'
import { createAlarms } from '../src/server/operations/alarms.ts'
import type { RouteDeps } from '../src/server/routes/routes.ts'
import { allRoutes } from '../src/server/routes/routes.ts'
import { createStoppages } from '../src/server/sending/stoppages.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { connect } from '../src/store/sqlite-connection.ts'

const help = `How long every page of the console takes with many appointments: p50 and p95 of so many openings, beside the target of 200 ms.
The pages are those of the route table, opened by an operator; none is left out.

usage: npm run seed -- --to FILE, then npm run bench:console -- --store FILE [--times 50] [--json FILE]
`

const target = 200

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    times: { type: 'string', default: '50' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly page: string
  readonly status: number
  readonly kilobytes: number
  readonly p50: number
  readonly p95: number
  /** Of the processor, on average: the same however busy the machine is. */
  readonly cpu: number
}

const publicUrl = 'https://bench.example'
const clinicId = 'seed'
const times = Number(values.times)

async function run(path: string): Promise<void> {
  const counter = await connect({ path, readonly: true })
  const count = (table: string) => Number(counter.query(`select count(*) as rows from ${table}`)[0]?.rows)
  const [appointments, notifications] = [count('appointments'), count('notifications')]
  const sample = counter.query('select id, patient_id from appointments order by start_at desc limit 1')[0]
  counter.close()
  const store = await openSqlite({ path })
  const routes = allRoutes(depsOf(store))
  const app = createApp({
    routes,
    log: createLog('error', (line) => void process.stderr.write(line)),
    console: {
      publicUrl,
      clinicNames: async () => [{ id: clinicId, name: 'Clinique des Semis' }],
      sessions: { find: async (cookie) => (cookie === 'bench' ? { id: 'bench', caller: { name: 'bench', role: 'operator' } } : undefined) },
    },
  })
  const pages = routes.flatMap((route) => (route.access === 'staff' && route.method === 'GET' ? [route.path] : []))
  const searched = [
    ['POST /console/clinics/seed/appointments q=roy', { q: 'roy' }],
    ['POST /console/clinics/seed/appointments q=phone', { q: '418 555-0123' }],
    ['POST /console/clinics/seed/appointments q=birth date', { q: '1961-08-04' }],
  ] as const
  const more = ['dashboard?period=365', 'dashboard?by=motif&period=30', 'appointments?state=missed&motif=M3', 'appointments?agenda=AG0007']
  const addresses = [...pages.map((each) => fill(each, sample)), ...more.map((each) => `/console/clinics/${clinicId}/${each}`)]
  const rows: Row[] = []
  for (const address of addresses) rows.push(await measure(address, () => app.request(address, { headers })))
  for (const [name, fields] of searched)
    rows.push(
      await measure(name, () =>
        app.request(`/console/clinics/${clinicId}/appointments`, { method: 'POST', headers, body: new URLSearchParams(fields) }),
      ),
    )
  await store.close()
  print(rows, { appointments, notifications, path })
}

const headers = { cookie: '__Host-rappel=bench', 'sec-fetch-site': 'same-origin', 'accept-language': 'fr' }

function depsOf(store: Awaited<ReturnType<typeof openSqlite>>): RouteDeps {
  const log = createLog('error', () => undefined)
  const metrics = createMetrics()
  const sources = new Map([
    ['ehr', { connectorId: 'ehr', clinicId, zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }],
  ])
  const nothing = () => undefined
  const around = { store, clock: systemClock, log, metrics, sources, connectors: new Map(), publicUrl, planned: nothing, hinted: nothing }
  const feed = createFeed(around)
  return {
    ...around,
    archive: { put: async () => undefined, get: async () => undefined, remove: async () => undefined, close: async () => undefined },
    channels: new Map(),
    clinics: [clinicId],
    feed,
    ingest: createIngest({ ...around, feed }),
    stoppages: createStoppages(around),
    alarms: createAlarms({ ...around, clinics: [clinicId], feed }),
    isServing: () => true,
    answered: nothing,
    erase: nothing,
    announced: nothing,
    changed: nothing,
  }
}

/** Of what a path names, one that there is. */
function fill(path: string, sample: Readonly<Record<string, unknown>> | undefined): string {
  const id = path.includes('/patients/') ? sample?.patient_id : path.includes('/inbox/') ? 'reply:1' : sample?.id
  return path
    .replace(':clinic', clinicId)
    .replace(/:(id|appointment|patient)\b/, encodeURIComponent(String(id)))
    .replace(':connector', 'ehr')
    .replace(':agenda', 'AG0001')
    .replace(/:(\w+)/g, 'x')
}

async function measure(page: string, open: () => Response | Promise<Response>): Promise<Row> {
  const taken: number[] = []
  let [status, bytes] = [0, 0]
  let used = process.cpuUsage()
  for (let index = -2; index < times; index += 1) {
    if (index === 0) used = process.cpuUsage()
    const begin = performance.now()
    const answer = await open()
    bytes = (await answer.arrayBuffer()).byteLength
    status = answer.status
    // the first ones fill caches, as on any day
    if (index >= 0) taken.push(performance.now() - begin)
  }
  const { user, system } = process.cpuUsage(used)
  taken.sort((a, b) => a - b)
  const at = (share: number) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0
  return { page, status, kilobytes: Math.round(bytes / 1024), p50: at(0.5), p95: at(0.95), cpu: (user + system) / 1000 / times }
}

function print(rows: readonly Row[], size: { readonly appointments: number; readonly notifications: number; readonly path: string }): void {
  const gigabytes = (statSync(size.path).size / 1024 ** 3).toFixed(2)
  const load = loadavg()[0]?.toFixed(1)
  const lines = rows.map(
    ({ page, status, kilobytes, p50, p95, cpu }) =>
      `${p95 > target ? '!' : ' '} ${p50.toFixed(0).padStart(5)} ${p95.toFixed(0).padStart(5)} ${cpu.toFixed(0).padStart(5)} ${String(kilobytes).padStart(5)} ${status}  ${page}`,
  )
  const slow = rows.filter(({ p95 }) => p95 > target).length
  process.stdout.write(
    [
      `${size.appointments.toLocaleString('en')} appointments, ${size.notifications.toLocaleString('en')} notifications, ${gigabytes} GB; ${times} openings of each page`,
      `${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}, load ${load}`,
      '',
      '    p50   p95   CPU    KB status page (ms)',
      ...lines,
      '',
      slow === 0 ? `every page is under ${target} ms at p95` : `${slow} of ${rows.length} pages are over ${target} ms at p95`,
      '',
    ].join('\n'),
  )
  if (values.json) writeFileSync(values.json, JSON.stringify({ ...size, times, rows }, undefined, 2))
}

if (values.help || values.store === undefined || !existsSync(values.store)) process.stdout.write(help)
else await run(values.store)
