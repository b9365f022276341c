import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { GuessesTable } from './port/identity.ts'
import { prepare } from './prepare.ts'
import { guessesRecord } from './records/guesses.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { subject: string }) => db.selectFrom('guesses').select('doc').where('subject', '=', values.subject))

const save = prepare((db, row: Database['guesses']) =>
  db
    .insertInto('guesses')
    .values({ subject: row.subject, doc: row.doc })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

export function guessesTable(db: Kysely<Database>): GuessesTable {
  return {
    async find(subject) {
      const row = (await find(db, { subject })).rows[0]
      return row && fromDocument(guessesRecord, row.doc)
    },
    async save(subject, guesses) {
      await save(db, { subject, doc: toDocument(guessesRecord, guesses) })
    },
  }
}
