import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What the load client (`load/mllpload.c`) says of a run. */
export interface Load {
  readonly msgs_s: number
  readonly p99_us: number
  readonly bad: number
}

export interface Measured extends Load {
  /** Milliseconds of processor that the server used for each message it acknowledged. */
  readonly processorMs: number
}

/** A server that speaks MLLP, started anew for each round. */
export interface Candidate {
  readonly name: string
  /** Where each load client finds it: one port unless several clinics are served. */
  start(folder: string): Promise<{ readonly ports: readonly number[]; readonly processes: readonly ChildProcess[] }>
}

/** `siu`: S12, each of another appointment; `ignored`: A24, which is acknowledged, kept with the reason, and not acted upon. */
export type Work = 'siu' | 'ignored'

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname

export interface Bench {
  /** Sends to a port, and says how it was answered after the seconds of warming up. */
  load(
    port: number,
    load: { readonly connections: number; readonly seconds: number; readonly warmUp: number; readonly work?: Work },
  ): Promise<Load>
  measure(candidate: Candidate, load: { readonly connections: number; readonly seconds: number; readonly work?: Work }): Promise<Measured>
  /** A folder of its own, gone with the bench. */
  newFolder(): string
  close(): void
}

/** Of each round, for every candidate: a service that has just started is still being compiled, and runs for months. */
const warmUpSeconds = 8

/** Builds the load client; throws where there is no gcc. */
export function openBench(): Bench {
  const directory = mkdtempSync(join(tmpdir(), 'rappel-bench-'))
  const client = join(directory, 'mllpload')
  try {
    execFileSync('gcc', ['-O2', '-o', client, join(here, 'load', 'mllpload.c')], { stdio: 'ignore' })
  } catch {
    throw new Error('the load client could not be built: install gcc')
  }
  const siu = join(here, 'load', 'siu.hl7')
  const messages: Record<Work, string> = { siu, ignored: join(directory, 'a24.hl7') }
  writeFileSync(messages.ignored, readFileSync(siu, 'latin1').replace('SIU^S12^SIU_S12', 'ADT^A24^ADT_A24'), 'latin1')
  const newFolder = () => mkdtempSync(join(directory, 'run-'))
  let nextId = 1

  async function load(port: number, given: Parameters<Bench['load']>[1]): Promise<Load> {
    const { connections, seconds, warmUp, work = 'siu' } = given
    const first = nextId
    nextId += 4_000_000
    const words = [port, connections, seconds, messages[work], warmUp, first].map(String)
    const { stdout } = await promisify(execFile)(client, words)
    return JSON.parse(stdout) as Load
  }

  return {
    newFolder,
    load,
    async measure(candidate, { connections, seconds, work = 'siu' }) {
      const folder = newFolder()
      const { ports, processes } = await candidate.start(folder)
      try {
        const each = Math.max(1, Math.round(connections / ports.length))
        const warm = wait(warmUpSeconds * 1_000).then(() => processorOf(processes))
        const loads = await Promise.all(ports.map((port) => load(port, { connections: each, seconds, warmUp: warmUpSeconds, work })))
        const used = processorOf(processes) - (await warm)
        const perSecond = loads.reduce((sum, load) => sum + load.msgs_s, 0)
        return {
          msgs_s: perSecond,
          processorMs: used / (perSecond * seconds),
          p99_us: Math.max(...loads.map((load) => load.p99_us)),
          bad: loads.reduce((sum, load) => sum + load.bad, 0),
        }
      } finally {
        await Promise.all(processes.map(end))
        rmSync(folder, { recursive: true, force: true })
      }
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Of user and system, in milliseconds; a hundredth of a second is counted at a time. */
function processorOf(processes: readonly ChildProcess[]): number {
  return processes.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return sum + (Number(fields[11]) + Number(fields[12])) * 10
  }, 0)
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return
  process.kill('SIGKILL')
  await once(process, 'exit')
}

/** A program that says `listening` once it does; `words` follow its port. */
export function program(
  name: string,
  file: string,
  wordsOf: (folder: string) => readonly string[] | Promise<readonly string[]> = () => [],
): Candidate {
  return {
    name,
    async start(folder) {
      const port = await freePort()
      const words = ['--import', 'tsx', join(here, file), String(port), ...(await wordsOf(folder))]
      const server = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
      await Promise.race([
        once(server.stdout, 'data'),
        once(server, 'exit').then(() => Promise.reject(new Error(`${name} does not start`))),
      ])
      return { ports: [port], processes: [server] }
    },
  }
}

export interface RappelOptions {
  readonly name?: string
  /** Several serve the same database: then each clinic's load goes to the next of them. */
  readonly nodes?: number
  /** `store: …` of the configuration; absent: a new SQLite file. */
  readonly store?: (folder: string) => Promise<string>
}

const clinics = 3

/** The program that is built, with everything on and nothing that falls due. On PostgreSQL three clinics: what is said of one is done one after the other. */
export function rappel({ name = 'rappel', nodes = 1, store }: RappelOptions = {}): Candidate {
  return {
    name,
    async start(folder) {
      const count = store ? clinics : 1
      const where = (await store?.(folder)) ?? `{ path: ${join(folder, 'rappel.db')} }`
      const processes: ChildProcess[] = []
      const ports: number[] = []
      for (let node = 0; node < nodes; node += 1) {
        const listening = await Promise.all(Array.from({ length: count }, freePort))
        const { server } = await serveRappel(join(folder, `node-${node}`), where, listening)
        processes.push(server)
        for (const [clinic, port] of listening.entries()) if (clinic % nodes === node) ports.push(port)
      }
      return { ports, processes }
    },
  }
}

/** Resolves when it serves. */
export async function serveRappel(folder: string, store: string, ports: readonly number[], telling: Telling = nobody) {
  const main = join(here, '..', 'dist', 'program', 'rappel.js')
  if (!existsSync(main)) throw new Error('nothing is built: npm run build')
  mkdirSync(join(folder, 'archive'), { recursive: true })
  const file = join(folder, 'rappel.yaml')
  const webPort = await freePort()
  writeFileSync(file, configuration(folder, store, webPort, ports, telling))
  const server = spawn(process.execPath, [main, '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BENCH_TOKEN: 'nothing leaves' },
  })
  let seen = ''
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${seen}`)))
    server.stderr.on('data', (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-8000)
      if (seen.split('"listening"').length > ports.length && seen.includes('"serving"')) resolve()
    })
  })
  return { server, webPort }
}

interface Telling {
  /** Of the mail server. */
  readonly smtpPort: number
  /** Where the provider of text messages is. */
  readonly twilioUrl: string
  /** How long a message waits at least, for each clinic: ISO 8601. */
  readonly grace: readonly string[]
  /** Of an EHR that is to be told what patients answer; absent: they are not asked. */
  readonly ehrPort?: number
}

/** Nothing falls due, and nothing would leave. */
const nobody: Telling = { smtpPort: 9, twilioUrl: 'http://127.0.0.1:9', grace: [] }

const configuration = (
  folder: string,
  store: string,
  webPort: number,
  ports: readonly number[],
  { smtpPort, twilioUrl, grace, ehrPort }: Telling,
) => `
server: { port: ${webPort}, publicUrl: "http://127.0.0.1:${webPort}" }
store: ${store}
archive: { directory: ${folder}/archive }
sms: { provider: twilio, accountSid: AC${'0'.repeat(32)}, authToken: { env: BENCH_TOKEN }, from: "+15145550100", baseUrl: "${twilioUrl}" }
email: { provider: smtp, host: 127.0.0.1, port: ${smtpPort}, from: { address: bench@example.org } }
clinics:
${ports
  .map(
    (_, clinic) => `  - id: bench${clinic}
    name: Bench
    zone: America/Chicago
    language: en
    communications: true
    smsActivated: true
    grace: ${grace[clinic] ?? 'PT24H'}
    quietHours: none
    sites: { main: { name: Bench, patientMayCancel: true } }
    agendas: {${Array.from({ length: 40 }, (_, index) => ` "${1000 + index}": { live: true, site: main }`).join(',')} }
    motifs: { FOLLOWUP: { type: onsite } }
`,
  )
  .join('')}connectors:
${ports
  .map(
    (port, clinic) =>
      `  - { id: load${clinic}, protocol: hl7v2, clinic: bench${clinic}, zone: America/Chicago, region: US, listen: { port: ${port}, maxConnections: 2500 }, mapping: { agenda: [AIP-3.1] }${ehrPort === undefined ? '' : `, writeBack: { host: 127.0.0.1, port: ${ehrPort} }`} }\n`,
  )
  .join('')}`

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
