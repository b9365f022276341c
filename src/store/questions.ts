import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { QuestionsTable } from './port/inbound.ts'
import { prepare } from './prepare.ts'
import { questionRecord } from './records/question.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { contact: string }) => db.selectFrom('questions').select('doc').where('contact', '=', values.contact))

const save = prepare((db, row: Database['questions']) =>
  db
    .insertInto('questions')
    .values({ contact: row.contact, until_at: row.until_at, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('contact').doUpdateSet((eb) => ({ until_at: eb.ref('excluded.until_at'), doc: eb.ref('excluded.doc') })),
    ),
)

const close = prepare((db, values: { contact: string }) => db.deleteFrom('questions').where('contact', '=', values.contact))

export function questionsTable(db: Kysely<Database>): QuestionsTable {
  return {
    async find(contact) {
      const row = (await find(db, { contact })).rows[0]
      return row && fromDocument(questionRecord, row.doc)
    },
    async save(question) {
      await save(db, { contact: question.contact, until_at: toMicroseconds(question.until), doc: toDocument(questionRecord, question) })
    },
    async close(contact) {
      await close(db, { contact })
    },
  }
}
