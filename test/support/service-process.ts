import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** The built program: `npm test` builds it first. */
const program = 'dist/program/rappel.js'

export interface Line {
  readonly msg: string
  readonly port?: number
  readonly connector?: string
}

export interface Running {
  readonly child: ChildProcess
  readonly webPort: number
  readonly mllpPort: number
  /** The status it ended with, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly lines: readonly Line[]
}

/** A folder that goes with the test, and a configuration in it of one HL7 v2 connector; `more` is added at its end. */
export async function aConfiguration(more = ''): Promise<{ readonly folder: string; readonly file: string; readonly store: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-process-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [file, store] = [join(folder, 'rappel.yaml'), join(folder, 'data', 'rappel.db')]
  await writeFile(
    file,
    `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { path: ${store} }
archive: { directory: ${join(folder, 'archive')} }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors:
  - { id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, listen: { port: 0 } }
${more}`,
  )
  return { folder, file, store }
}

export interface Ended {
  readonly status: number | null
  readonly out: string
  readonly error: string
}

/** Runs the program to its end. */
export async function runToEnd(args: readonly string[], env: Record<string, string> = {}, cwd = process.cwd()): Promise<Ended> {
  const child = spawn(process.execPath, [join(process.cwd(), program), ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { out: '', error: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.error += text
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, ...texts }
}

/** Starts the program (another one, where `entry` says so) and waits until it serves; it is killed with the test at the latest. */
export async function startProcess(file: string, entry = program): Promise<Running> {
  const child = spawn(process.execPath, [entry, '--config', file], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | NodeJS.Signals)
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  const serving = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (text) => {
      lines.push(text.startsWith('{') ? (JSON.parse(text) as Line) : { msg: text })
      if (portOf(lines, 'serving') !== undefined && portOf(lines, 'listening') !== undefined) resolve()
    })
  })
  await Promise.race([
    serving,
    ended.then((status) => {
      throw new Error(`ended with ${status}: ${lines.map(({ msg }) => msg).join('\n')}`)
    }),
  ])
  return { child, ended, lines, webPort: portOf(lines, 'serving') ?? 0, mllpPort: portOf(lines, 'listening') ?? 0 }
}

function portOf(lines: readonly Line[], event: string): number | undefined {
  return lines.find(({ msg }) => msg === event)?.port
}
