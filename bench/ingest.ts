import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { arch, cpus, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'

const help = `Durable SIU/s of Rappel beside a bare framer that only answers AA: the same load, the same run, one after the other.
Every message is another appointment of another patient; each is read, decided, planned, audited and committed before its AA.

usage: npm run bench:ingest [-- --rounds 3 --seconds 5 --connections 1,8,64 --json FILE]
needs: gcc (for the load client, bench/load/mllpload.c)
`

interface Load {
  readonly msgs_s: number
  readonly p99_us: number
  readonly bad: number
}

type Candidate = 'rappel' | 'bare framer'

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const directory = mkdtempSync(join(tmpdir(), 'rappel-bench-'))
let nextId = 1

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '1,8,64' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const client = buildClient()
  const rows = []
  for (const connections of values.connections.split(',').map(Number)) {
    const results: Record<Candidate, Load[]> = { rappel: [], 'bare framer': [] }
    for (let round = 0; round < Number(values.rounds); round++)
      for (const candidate of ['bare framer', 'rappel'] as const)
        results[candidate].push(await measure(client, candidate, connections, Number(values.seconds)))
    const [bare, rappel] = [medianOf(results['bare framer']), medianOf(results.rappel)]
    rows.push({
      connections,
      bare: bare.msgs_s,
      rappel: rappel.msgs_s,
      ratio: rappel.msgs_s / bare.msgs_s,
      p99Ms: rappel.p99_us / 1000,
      spread: spreadOf(results.rappel),
      refused: rappel.bad,
    })
    process.stderr.write(`${connections} connections done\n`)
  }
  print(rows)
  const report = {
    at: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? arch()} ${platform()}`,
    rows,
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
}

function buildClient(): string {
  const binary = join(directory, 'mllpload')
  try {
    execFileSync('gcc', ['-O2', '-o', binary, join(here, 'load', 'mllpload.c')], { stdio: ['ignore', 'ignore', 'ignore'] })
  } catch {
    throw new Error('the load client could not be built: install gcc')
  }
  return binary
}

/** One candidate alone, freshly started on an empty store, warmed up for a second. */
async function measure(client: string, candidate: Candidate, connections: number, seconds: number): Promise<Load> {
  const port = await freePort()
  const server = candidate === 'rappel' ? await startRappel(port) : await startBare(port)
  try {
    const first = nextId
    nextId += 4_000_000
    const { stdout } = await promisify(execFile)(client, [
      String(port),
      String(connections),
      String(seconds),
      join(here, 'load', 'siu.hl7'),
      '1',
      String(first),
    ])
    return JSON.parse(stdout) as Load
  } finally {
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

async function startBare(port: number) {
  const server = spawn(process.execPath, ['--import', 'tsx', join(here, 'bare-framer.ts'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(server.stdout, 'data')
  return server
}

async function startRappel(port: number) {
  const main = join(here, '..', 'dist', 'server', 'main.js')
  if (!existsSync(main)) throw new Error('nothing is built: npm run build')
  const folder = mkdtempSync(join(directory, 'store-'))
  mkdirSync(join(folder, 'archive'))
  const file = join(folder, 'rappel.yaml')
  writeFileSync(file, configuration(folder, port, await freePort()))
  const server = spawn(process.execPath, [main, '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BENCH_TOKEN: 'nothing leaves' },
  })
  let seen = ''
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${seen}`)))
    server.stderr.on('data', (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-4000)
      if (seen.includes('"listening"') && seen.includes('"serving"')) resolve()
    })
  })
  return server
}

/** A clinic where everything is on and nothing falls due: what is measured is the intake. */
const configuration = (folder: string, port: number, webPort: number) => `
server: { port: ${webPort}, publicUrl: "http://127.0.0.1:${webPort}" }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
sms: { provider: twilio, accountSid: AC${'0'.repeat(32)}, authToken: { env: BENCH_TOKEN }, from: "+15145550100", baseUrl: "http://127.0.0.1:9" }
email: { provider: smtp, host: 127.0.0.1, port: 9, from: { address: bench@example.org } }
clinics:
  - id: bench
    name: Bench
    zone: America/Chicago
    language: en
    communications: true
    smsActivated: true
    grace: PT24H
    agendas: {${Array.from({ length: 40 }, (_, index) => ` "${1000 + index}": { live: true }`).join(',')} }
    motifs: { FOLLOWUP: { type: onsite } }
connectors:
  - { id: load, protocol: hl7v2, clinic: bench, zone: America/Chicago, region: US, listen: { port: ${port} }, mapping: { agenda: [AIP-3.1] } }
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function medianOf(loads: readonly Load[]): Load {
  const sorted = [...loads].sort((a, b) => a.msgs_s - b.msgs_s)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('no round was run')
  return middle
}

function spreadOf(loads: readonly Load[]): string {
  const rates = loads.map((load) => load.msgs_s)
  return `${Math.min(...rates)}–${Math.max(...rates)}`
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
  } catch {
    return 'unknown'
  }
}

function print(
  rows: readonly { connections: number; bare: number; rappel: number; ratio: number; p99Ms: number; spread: string; refused: number }[],
): void {
  const line = (cells: readonly (string | number)[]) =>
    process.stdout.write(`${cells.map((cell, index) => String(cell).padStart(index === 4 ? 14 : 13)).join('')}\n`)
  line(['connections', 'bare AA/s', 'durable/s', 'ratio', 'spread', 'p99 ms', 'not AA'])
  for (const row of rows) line([row.connections, row.bare, row.rappel, row.ratio.toFixed(3), row.spread, row.p99Ms.toFixed(1), row.refused])
}

try {
  await main()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
