import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { arch, cpus, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { Pool } from 'undici'
import { fhir } from '../src/connectors/fhir/fhir.ts'

const help = `Rappel's FHIR side beside the least that could do: the same load, the same run, one after the other.
notifications: accepted durably by the service (authenticated, parsed, committed, answered) beside hono and zod that store nothing
               (P9: at least 0.45×), as the resource and as a topic's id-only Bundle. The EHR does not answer meanwhile.
read-backs:    an appointment and those who take part, read as a change, beside the same requests by undici alone. Both 4 at a time.

usage: npm run bench:fhir [-- --rounds 3 --seconds 4 --connections 32 --json FILE]
`

const secret = 'Zq8wV2nR5tY9uB4mK7pL1sD6fG3hJ0xC'
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const directory = mkdtempSync(join(tmpdir(), 'rappel-bench-'))
let nextId = 1

interface Row {
  readonly measured: string
  readonly bare: number
  readonly rappel: number
  readonly ratio: number
  readonly spread: string
  readonly refused: number
}

interface Rate {
  readonly perSecond: number
  readonly refused: number
}

type Candidates = readonly [bare: () => Promise<Rate>, rappel: () => Promise<Rate>]

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '32' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const [rounds, seconds, connections] = [Number(values.rounds), Number(values.seconds), Number(values.connections)]
  const posting = (start: (port: number) => Promise<Running>, bodyOf: (id: number) => string) => () =>
    withServer(start, (port) => post(port, bodyOf, connections, seconds))
  const rows = [
    await compare('resource', rounds, [posting(startBare, resource), posting(startRappel, resource)]),
    await compare('id-only', rounds, [posting(startBare, idOnly), posting(startRappel, idOnly)]),
    await compare('read-back', rounds, [
      () => withServer(startEndpoint, (port) => readBare(port, seconds)),
      () => withServer(startEndpoint, (port) => readBack(port, seconds)),
    ]),
  ]
  print(rows)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? arch()} ${platform()}`
  const report = { at: new Date().toISOString(), commit: commit(), node: process.version, machine, rows }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
}

/** One after the other, round by round, so that a busy moment of the machine falls on both. */
async function compare(measured: string, rounds: number, [bare, rappel]: Candidates): Promise<Row> {
  const rates: { bare: number[]; rappel: number[] } = { bare: [], rappel: [] }
  let refused = 0
  for (let round = 0; round < rounds; round++) {
    rates.bare.push((await bare()).perSecond)
    const own = await rappel()
    rates.rappel.push(own.perSecond)
    refused += own.refused
  }
  const [least, ours] = [medianOf(rates.bare), medianOf(rates.rappel)]
  process.stderr.write(`${measured} done\n`)
  const spread = `${Math.round(Math.min(...rates.rappel))}–${Math.round(Math.max(...rates.rappel))}`
  return { measured, bare: least, rappel: ours, ratio: ours / least, spread, refused }
}

type Running = { readonly stop: () => Promise<void> }

async function withServer<T>(start: (port: number) => Promise<Running>, work: (port: number) => Promise<T>): Promise<T> {
  const port = await freePort()
  const server = await start(port)
  try {
    return await work(port)
  } finally {
    await server.stop()
  }
}

async function started(args: readonly string[], isReady: (seen: string) => boolean): Promise<Running> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, BENCH_SECRET: secret } })
  let seen = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-4000)
      if (isReady(seen)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${seen}`)))
  })
  return {
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const script = (name: string, ...args: readonly string[]) =>
  started(['--import', 'tsx', join(here, name), ...args], (seen) => seen.includes('listening'))
const startBare = (port: number) => script('bare-hook.ts', String(port), secret)
const startEndpoint = (port: number) => script('fhir-endpoint.ts', String(port))

async function startRappel(port: number): Promise<Running> {
  const main = join(here, '..', 'dist', 'program', 'rappel.js')
  if (!existsSync(main)) throw new Error('nothing is built: npm run build')
  const folder = mkdtempSync(join(directory, 'store-'))
  mkdirSync(join(folder, 'archive'))
  const file = join(folder, 'rappel.yaml')
  writeFileSync(file, configuration(folder, port, await freePort()))
  return await started([main, '--config', file], (seen) => seen.includes('"serving"'))
}

const configuration = (folder: string, port: number, nobody: number) => `
server: { port: ${port}, publicUrl: "http://127.0.0.1:${port}" }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
clinics:
  - { id: bench, name: Bench, zone: Europe/Paris, language: fr, agendas: {}, motifs: {} }
connectors:
  - id: load
    protocol: fhir
    clinic: bench
    zone: Europe/Paris
    region: FR
    baseUrl: http://127.0.0.1:${nobody}/fhir
    poll: { mode: none }
    hook: { secrets: [{ env: BENCH_SECRET }] }
`

/** Each of another appointment; a second to warm up is not counted. */
async function post(port: number, bodyOf: (id: number) => string, connections: number, seconds: number): Promise<Rate> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 })
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/fhir+json' }
  const one = async () => {
    const { statusCode, body } = await pool.request({ method: 'POST', path: '/fhir/load', headers, body: bodyOf(nextId++) })
    await body.dump()
    return statusCode === 200
  }
  try {
    await during(1, connections, one)
    return await during(seconds, connections, one)
  } finally {
    await pool.destroy()
  }
}

function resource(id: number): string {
  return JSON.stringify({
    resourceType: 'Appointment',
    id: `a${id}`,
    meta: { versionId: '1', lastUpdated: '2026-11-01T10:00:00Z' },
    status: 'booked',
    start: '2031-03-04T09:00:00+01:00',
    end: '2031-03-04T09:20:00+01:00',
    participant: [
      { actor: { reference: 'Practitioner/moreau' }, status: 'accepted' },
      { actor: { reference: `Patient/${id}` }, status: 'needs-action' },
    ],
  })
}

/** Subscriptions R5 Backport IG, on R4. */
function idOnly(id: number): string {
  const event = [
    { name: 'event-number', valueString: String(id) },
    { name: 'focus', valueReference: { reference: `Appointment/a${id}` } },
  ]
  const parameter = [
    { name: 'subscription', valueReference: { reference: 'Subscription/s1' } },
    { name: 'status', valueCode: 'active' },
    { name: 'type', valueCode: 'event-notification' },
    { name: 'events-since-subscription-start', valueString: String(id) },
    { name: 'notification-event', part: event },
  ]
  const entry = [{ request: { method: 'GET', url: 'Subscription/s1/$status' }, resource: { resourceType: 'Parameters', parameter } }]
  return JSON.stringify({ resourceType: 'Bundle', type: 'history', entry })
}

const atOnce = 4

async function readBare(port: number, seconds: number): Promise<Rate> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: atOnce, pipelining: 1 })
  const get = async (path: string) => {
    const { body } = await pool.request({ method: 'GET', path: `/fhir/${path}` })
    return await body.json()
  }
  const one = async () => {
    const id = `a${nextId++}`
    const appointment = (await get(`Appointment/${id}`)) as { readonly participant: readonly object[] }
    // the practitioner is kept, as ours is
    await get(`Patient/${id}`)
    return appointment.participant.length === 2
  }
  try {
    await during(1, atOnce, one)
    return await during(seconds, atOnce, one)
  } finally {
    await pool.destroy()
  }
}

async function readBack(port: number, seconds: number): Promise<Rate> {
  const { createStorage } = await import('unstorage')
  const { default: memory } = await import('unstorage/drivers/memory')
  const baseUrl = `http://127.0.0.1:${port}/fhir`
  const cache = createStorage({ driver: memory() })
  const where = { id: 'load', baseUrl, zone: 'Europe/Paris', region: 'FR' }
  const connector = fhir({ ...where, hook: { secrets: [secret] }, cache, now: Temporal.Now.instant })
  const signal = new AbortController().signal
  const one = async () => {
    const request = { method: 'POST', path: `Appointment/a${nextId++}` }
    const hint = {
      connectorId: 'load',
      receivedAt: Temporal.Now.instant(),
      mediaType: 'application/fhir+json',
      body: new Uint8Array(),
      request,
    }
    const answer = await connector.readBack(hint, signal)
    const [envelope] = answer.kind === 'read' ? answer.envelopes : []
    return envelope !== undefined && connector.read(envelope).kind === 'changes'
  }
  await during(1, atOnce, one)
  return await during(seconds, atOnce, one)
}

/** So many at a time, each again as soon as it is done. */
async function during(seconds: number, width: number, one: () => Promise<boolean>): Promise<Rate> {
  const begun = performance.now()
  const until = begun + seconds * 1000
  let [done, refused] = [0, 0]
  const lane = async () => {
    while (performance.now() < until) {
      if (await one()) done += 1
      else refused += 1
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return { perSecond: (done * 1000) / (performance.now() - begun), refused }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function medianOf(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
  if (middle === undefined) throw new Error('no round was run')
  return middle
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
  } catch {
    return 'unknown'
  }
}

function print(rows: readonly Row[]): void {
  const line = (cells: readonly (string | number)[]) => process.stdout.write(`${cells.map((cell) => String(cell).padStart(14)).join('')}\n`)
  line(['', 'bare/s', 'rappel/s', 'ratio', 'spread', 'refused'])
  for (const row of rows) line([row.measured, Math.round(row.bare), Math.round(row.rappel), row.ratio.toFixed(3), row.spread, row.refused])
}

try {
  await main()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
