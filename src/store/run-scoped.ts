import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'
import type { Connection } from './sqlite-connection.ts'

export type Work<T> = (db: Kysely<Database>) => Promise<T>

/** Runs one work; after `timeout` milliseconds it is given up: it rejects, and finds its transaction closed if it ever goes on. */
export async function runScoped<T>(connection: Pick<Connection, 'openScope'>, work: Work<T>, timeout: number): Promise<T> {
  const scope = connection.openScope()
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a transaction did not end within ${timeout} ms`)), timeout)
  })
  try {
    return await Promise.race([work(scope.db), tooLong])
  } finally {
    clearTimeout(timer)
    scope.close()
  }
}
