import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { launchPostgres, nativeFolder, removePostgres, startPostgres, stopPostgres } from '../../support/postgres/server.ts'

/** A server of a proof's own, on the disk that the machine has: what is flushed there is flushed. */
export interface Server {
  readonly port: number
  /** A new and empty database: its name. */
  create(): Promise<string>
  addressOf(database: string, port?: number): string
  query(database: string, sql: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** As if the power went: nobody is told, nothing is tidied. */
  stop(): Promise<void>
  launch(): Promise<void>
}

/** For `Proof.missing`. */
export function missingPostgres(): string | undefined {
  return nativeFolder() === undefined ? 'PostgreSQL for this platform' : undefined
}

export async function aServer(settings: readonly string[] = []): Promise<Server> {
  const native = nativeFolder()
  if (native === undefined) throw new Error('there is no PostgreSQL for this platform')
  const base = await mkdtemp(join(tmpdir(), 'rappel-prove-'))
  await chmod(base, 0o755)
  const folder = join(base, 'server')
  onTestFinished(async () => {
    await removePostgres(folder)
    await rm(base, { recursive: true, force: true })
  }, 60_000)
  const { url } = await startPostgres(native, folder, settings)
  const port = Number(new URL(url).port)
  const query: Server['query'] = async (database, sql, parameters) => {
    const client = new pg.Client({ connectionString: `${url}/${database}` })
    // it may be stopped meanwhile; the statement then says so
    client.on('error', () => undefined)
    await client.connect()
    try {
      const result = await client.query(sql, parameters ? [...parameters] : undefined)
      return [result].flat().at(-1)?.rows ?? []
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  let made = 0
  return {
    port,
    async create() {
      made += 1
      await query('postgres', `create database proof_${made}`)
      return `proof_${made}`
    },
    addressOf: (database, at = port) => `postgres://rappel@127.0.0.1:${at}/${database}`,
    query,
    stop: () => stopPostgres(folder, 'immediate'),
    launch: () => launchPostgres(folder, port, settings),
  }
}
