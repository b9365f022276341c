import type { Migration } from '../migrate.ts'
import type { PostgresConnection } from './connection.ts'
import { inPostgres } from './ddl.ts'

/** Any number, the same for all programs of this name. */
const migrating = 7_264_537_115

/**
 * Brings the database to what this program expects, one transaction for each step, whichever of the nodes comes first: the others wait for it.
 * Throws, and touches nothing, when the database was made by a newer program, or is being filled (`rappel migrate`).
 */
export async function migratePostgres(connection: PostgresConnection, now: number, steps: readonly Migration[]): Promise<void> {
  await connection.script(`set lock_timeout = 0; set statement_timeout = 0; select pg_advisory_lock(${migrating})`)
  try {
    await connection.script(
      'create table if not exists migrations (name text collate "C" not null primary key, applied_at bigint not null)',
    )
    const applied = new Set((await connection.query('select name from migrations')).map(({ name }) => String(name)))
    const unknown = [...applied].filter((name) => !steps.some((known) => known.name === name))
    if (unknown.length > 0) throw new Error(`the store was made by a newer version of this program (${unknown.join(', ')})`)
    for (const step of steps) if (!applied.has(step.name)) await apply(connection, step, now)
  } finally {
    if (!connection.isLost())
      await connection.script(`select pg_advisory_unlock(${migrating}); reset lock_timeout; reset statement_timeout`)
  }
}

async function apply(connection: PostgresConnection, step: Migration, now: number): Promise<void> {
  try {
    await connection.script(`begin; ${step.postgres ?? inPostgres(step.sql)}`)
    await connection.query('insert into migrations (name, applied_at) values ($1, $2)', [step.name, now])
    await connection.script('commit')
  } catch (error) {
    if (!connection.isLost()) await connection.script('rollback')
    throw error
  }
}
