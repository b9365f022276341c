import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort, type Programs, programs } from '../../peers/programs.ts'

/** What is added to the configuration of a laboratory, as YAML. */
export interface LabOptions {
  /** Messages leave by mail, and by text, to servers of the laboratory. */
  readonly mail?: boolean
  readonly sms?: boolean
  /** Of requests a minute, by each key of the API. */
  readonly perKey?: number
  /** Of the one clinic, in its block: four spaces before each. */
  readonly clinic?: string
  /** Of `listen`, after its port. */
  readonly listen?: string
  /** Another connector; `{ehr}` is the port of its EHR. */
  readonly connector?: string
  /** Beside the clinics, at the top of the file. */
  readonly top?: string
}

const portNames = ['web', 'mllp', 'ehr', 'smtp', 'twilio', 'proxy'] as const
export type Ports = Readonly<Record<(typeof portNames)[number], number>>

export interface Laboratory {
  readonly folder: string
  /** The store's file, in a folder of its own: `data`. */
  readonly store: string
  readonly ports: Ports
  readonly rows: Programs['rows']
  /** A program that is not ours, until the test ends; resolves once it said that. */
  readonly beside: Programs['start']
  /** The built service, once it serves. `before`: what it is started by (`strace …`), which must keep its process id; `entry`: another program than the built one. */
  serve(how?: { readonly before?: readonly string[]; readonly env?: Record<string, string>; readonly entry?: string }): Promise<Served>
  /** `rappel …` with its configuration, beside the service; killed after so many milliseconds unless it has ended: then `status` is null. */
  command(words: readonly string[], killedAfter?: number): Promise<{ readonly status: number | null; readonly out: string }>
  /** A Python program that ends by itself; what it printed. */
  python(script: string, args: readonly (string | number)[]): Ending
}

export interface Served {
  readonly child: ChildProcess
  readonly pid: number
  /** Of the process: its status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  hasEnded(): boolean
  kill(): Promise<void>
  /** Asks it to stop: with which status it did, and after how many seconds. */
  stop(): Promise<{ readonly status: number | NodeJS.Signals; readonly seconds: number }>
}

export interface Ending {
  readonly child: ChildProcess
  readonly done: Promise<{ readonly status: number; readonly out: string }>
}

const root = new URL('../../..', import.meta.url).pathname
const secret = () => randomBytes(32).toString('base64url')
export const secrets = { hook: secret(), api: secret(), twilio: secret() }

/** A folder, ports of its own and a configuration, for one service and what stands beside it; all end with the test. */
export async function laboratory(name: string, options: LabOptions = {}): Promise<Laboratory> {
  const { folder, start, rows, close } = programs(`prove-${name}`)
  onTestFinished(close)
  const taken: [string, number][] = []
  for (const each of portNames) taken.push([each, await freePort()])
  const ports = Object.fromEntries(taken) as unknown as Ports
  const config = join(folder, 'rappel.yaml')
  writeFileSync(config, configuration(folder, ports, options))
  mkdirSync(join(folder, 'data'), { mode: 0o700 })
  const built = join(root, 'dist/program/rappel.js')
  const env = { HOOK_SECRET: secrets.hook, API_TOKEN: secrets.api, TWILIO_TOKEN: secrets.twilio }

  return {
    folder,
    store: join(folder, 'data', 'rappel.db'),
    ports,
    rows,
    beside: start,
    async serve({ before = [], env: more = {}, entry = built } = {}) {
      const [command = process.execPath, ...args] = [...before, process.execPath, entry, '--config', config]
      return served(await start(command, args, '"listening"', { ...env, ...more }))
    },
    async command(words, killedAfter) {
      const child = spawn(process.execPath, [built, ...words, '--config', config], { env: { ...process.env, ...env } })
      const timer = killedAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killedAfter)
      const { status, out } = await ending(child)
      clearTimeout(timer)
      return { status: child.signalCode === null ? status : null, out }
    },
    python(script, args) {
      const child = spawn('python3', [script, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      return { child, done: ending(child) }
    },
  }
}

function served(child: ChildProcess): Served {
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | NodeJS.Signals)
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    hasEnded,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      const asked = performance.now()
      child.kill('SIGTERM')
      return { status: await ended, seconds: (performance.now() - asked) / 1000 }
    },
  }
}

async function ending(child: ChildProcess): Promise<{ status: number; out: string }> {
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      out = (out + text).slice(-20_000)
    })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status: status ?? -1, out }
}

/** One clinic all of whose messages leave, by mail and by text, at any hour. */
function configuration(folder: string, ports: Ports, options: LabOptions): string {
  const { clinic = '', listen = '', connector = '', top = '', mail, sms, perKey = 1_000_000 } = options
  return `
server: { port: ${ports.web}, publicUrl: "http://127.0.0.1:${ports.web}", apiToken: { env: API_TOKEN }, rateLimits: { perKey: ${perKey} } }
store: { path: ${folder}/data/rappel.db }
archive: { directory: ${folder}/archive }
${top}
${mail ? mailTo(ports) : ''}
${sms ? twilioTo(ports) : ''}
clinics:
  - id: lab
    name: Clinique
    zone: Europe/Paris
    communications: true
    smsActivated: ${sms === true}
    quietHours: none
    dailyCap: 1000
    agendas: {${Array.from({ length: 40 }, (_, index) => ` D${index + 1}: {}`).join(',')}, "Practitioner/moreau": {} }
    motifs: { CONSULT: { type: onsite }, ROUTINE: { type: onsite } }
${clinic}
connectors:
  - { id: siu, protocol: hl7v2, clinic: lab, zone: Europe/Paris, region: FR, listen: { port: ${ports.mllp}${listen && `, ${listen}`} }, mapping: { agenda: [AIP-3.1] } }
${connector.replaceAll('{ehr}', String(ports.ehr))}
`
}

/** A FHIR server that is asked only about what its notifications name. */
export const fhirByHook = (more = '') =>
  `  - { id: fhir, protocol: fhir, clinic: lab, zone: Europe/Paris, region: FR, baseUrl: "http://127.0.0.1:{ehr}/fhir", hook: { secrets: [{ env: HOOK_SECRET }] }, truthCheck: none, ${more || 'poll: { mode: none }'} }`

/** One that is believed, where what it says has a date; and asked otherwise. */
export const trustedFhir = fhirByHook('poll: { mode: none }, trustPayload: true')

const mailTo = ({ smtp }: Ports) =>
  `email: { provider: smtp, host: 127.0.0.1, port: ${smtp}, from: { name: Laboratoire, address: lab@example.org } }`

const twilioTo = ({ twilio }: Ports) =>
  `sms: { provider: twilio, accountSid: AC${'0'.repeat(32)}, authToken: { env: TWILIO_TOKEN }, from: "+33700000000", baseUrl: "http://127.0.0.1:${twilio}" }`
