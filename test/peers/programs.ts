import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'

const root = new URL('../..', import.meta.url).pathname

/** The programs of one test file and the folder of their ledgers; all end with it. */
export interface Programs {
  readonly folder: string
  /** Resolves once the program has printed `ready`; rejects with its last words if it ends before. */
  start(command: string, args: readonly string[], ready: string, env?: Record<string, string>): Promise<ChildProcess>
  /** The built service, with the file `rappel.yaml` of the folder. */
  serve(env?: Record<string, string>): Promise<ChildProcess>
  /** The lines of a ledger so far. */
  rows<T>(file: string): readonly T[]
  close(): void
}

export function programs(name: string): Programs {
  const folder = mkdtempSync(join(tmpdir(), `rappel-${name}-`))
  const running: ChildProcess[] = []

  async function start(command: string, args: readonly string[], ready: string, env: Record<string, string> = {}): Promise<ChildProcess> {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    running.push(child)
    let seen = ''
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${seen}`)))
      const look = (chunk: Buffer) => {
        seen = (seen + chunk.toString()).slice(-2000)
        if (seen.includes(ready)) resolve()
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
    })
    return child
  }

  return {
    folder,
    start,
    serve: (env) =>
      start(process.execPath, [join(root, 'dist/program/rappel.js'), '--config', join(folder, 'rappel.yaml')], '"serving"', env),
    rows: <T>(file: string) => rowsOf<T>(join(folder, file)),
    close() {
      for (const each of running) each.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Where a tool written in Python stands. */
export const tool = (name: string) => join(root, 'test', 'tools', name)

/** Ends it as an operator would, and waits for its end. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Asks again and again until there is an answer; what other programs do is known by no event of ours. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = Temporal.Now.instant().add({ seconds })
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Temporal.Instant.compare(Temporal.Now.instant(), deadline) > 0) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Below those the kernel hands out: who dials one of those while nobody listens there may in the end be connected to themselves. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer()
    const port = await new Promise<number | undefined>((resolve) => {
      server.once('error', () => resolve(undefined))
      const wanted = randomInt(16_384, 32_768)
      server.listen(wanted, '127.0.0.1', () => resolve(wanted))
    })
    if (port === undefined) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

function rowsOf<T>(file: string): readonly T[] {
  try {
    const whole = readFileSync(file, 'utf8')
    return whole
      .slice(0, whole.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T)
  } catch {
    return []
  }
}
