import type { Kysely } from 'kysely'
import { toMicroseconds } from './instant.ts'
import type { WrongNumbersTable } from './port/contacts.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

type Key = Omit<Database['wrong_numbers'], 'marked_at'>

const find = prepare((db, key: Key) =>
  db.selectFrom('wrong_numbers').select('marked_at').where('clinic_id', '=', key.clinic_id).where('contact', '=', key.contact),
)

const insert = prepare((db, row: Database['wrong_numbers']) =>
  db
    .insertInto('wrong_numbers')
    .values({ clinic_id: row.clinic_id, contact: row.contact, marked_at: row.marked_at })
    .onConflict((conflict) => conflict.doNothing()),
)

const remove = prepare((db, key: Key) =>
  db.deleteFrom('wrong_numbers').where('clinic_id', '=', key.clinic_id).where('contact', '=', key.contact),
)

export function wrongNumbersTable(db: Kysely<Database>): WrongNumbersTable {
  return {
    async has(clinicId, contact) {
      return (await find(db, { clinic_id: clinicId, contact })).rows.length > 0
    },
    async mark(clinicId, contact, at) {
      await insert(db, { clinic_id: clinicId, contact, marked_at: toMicroseconds(at) })
    },
    async lift(clinicId, contact) {
      await remove(db, { clinic_id: clinicId, contact })
    },
  }
}
