import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { ToldTable } from './port/told.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { toldRecord } from './records/told.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('told').select('doc').where('appointment_id', '=', values.id))

const save = prepareWrite((db, row: { id: string; doc: string }) =>
  db
    .insertInto('told')
    .values({ appointment_id: row.id, doc: row.doc })
    .onConflict((conflict) => conflict.column('appointment_id').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

const remove = prepare((db, values: { id: string }) => db.deleteFrom('told').where('appointment_id', '=', values.id))

export function toldTable(db: Kysely<Database>): ToldTable {
  return {
    async find(appointmentId) {
      const row = (await find(db, { id: appointmentId })).rows[0]
      return row && fromDocument(toldRecord, row.doc)
    },
    async forget(appointmentId) {
      await remove(db, { id: appointmentId })
    },
    async save(appointmentId, told) {
      await save(db, { id: appointmentId, doc: toDocument(toldRecord, told) })
    },
  }
}
