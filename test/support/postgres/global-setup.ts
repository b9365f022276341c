import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { removePostgres } from './server.ts'

/** In memory where the machine has such a folder: a flush to disk is then a call, and costs nothing. */
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Nothing starts here: the first test that wants PostgreSQL starts it, and this stops it when all are done. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(base, 'rappel-postgres-'))
  project.provide('postgresFolder', folder)
  return async () => {
    await removePostgres(join(folder, 'server'))
    await rm(folder, { recursive: true, force: true })
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresFolder: string
  }
}
