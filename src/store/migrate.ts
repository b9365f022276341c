import { firstTables } from './migrations/0001-first-tables.ts'
import { rulebookTables } from './migrations/0002-rulebook.ts'
import { replanningTables } from './migrations/0003-replanning.ts'
import { newsTables } from './migrations/0004-news.ts'
import { answersTables } from './migrations/0005-answers.ts'
import { patientPageTables } from './migrations/0006-patient-page.ts'
import { questionnaireTables } from './migrations/0007-questionnaires.ts'
import { identityTables } from './migrations/0008-identity.ts'
import { apiTables } from './migrations/0009-api.ts'
import { shadowTables } from './migrations/0010-shadow.ts'
import { figuresTables } from './migrations/0011-figures.ts'
import { operationsTables } from './migrations/0013-operations.ts'
import { nodesTables } from './migrations/0014-nodes.ts'
import { commitsTable } from './migrations/0015-commits.ts'
import type { Connection } from './sqlite-connection.ts'

export interface Migration {
  /** Sorts in the order of application; never changed once published. */
  readonly name: string
  readonly sql: string
  /** PostgreSQL's own text; absent: `sql`, put into its words (`postgres/ddl.ts`). */
  readonly postgres?: string
}

export const migrations: readonly Migration[] = [
  firstTables,
  rulebookTables,
  replanningTables,
  newsTables,
  answersTables,
  patientPageTables,
  questionnaireTables,
  identityTables,
  apiTables,
  shadowTables,
  figuresTables,
  operationsTables,
  nodesTables,
  commitsTable,
]

/**
 * Brings the database to what this program expects, one transaction for each step: killed anywhere, it goes on from there (R35).
 * Throws, and touches nothing, when the database was made by a newer program.
 */
export function migrate(connection: Connection, now: number, steps: readonly Migration[] = migrations): void {
  connection.exec('create table if not exists migrations (name text not null primary key, applied_at integer not null)')
  for (const step of steps) {
    connection.exec('begin immediate')
    try {
      const applied = appliedTo(connection)
      const unknown = [...applied].filter((name) => !steps.some((known) => known.name === name))
      if (unknown.length > 0) throw new Error(`the store was made by a newer version of this program (${unknown.join(', ')})`)
      if (!applied.has(step.name)) {
        connection.script(step.sql)
        connection.query('insert into migrations (name, applied_at) values (?, ?)', [step.name, now])
      }
      connection.exec('commit')
    } catch (error) {
      if (connection.inTransaction()) connection.exec('rollback')
      throw error
    }
  }
}

function appliedTo(connection: Connection): ReadonlySet<string> {
  return new Set(connection.query('select name from migrations').map((row) => String(row.name)))
}
