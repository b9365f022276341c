import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { ErasuresTable } from './port/forgetting.ts'
import { prepare } from './prepare.ts'
import { erasureRecord } from './records/operations.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('erasures').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['erasures']) =>
  db
    .insertInto('erasures')
    .values({ id: row.id, clinic_id: row.clinic_id, open: row.open, doc: row.doc })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ open: eb.ref('excluded.open'), doc: eb.ref('excluded.doc') }))),
)

const confirmed = prepare((db, values: { limit: number }) =>
  db.selectFrom('erasures').select('doc').where('open', '=', sql.lit(1)).orderBy('id').limit(values.limit),
)

export function erasuresTable(db: Kysely<Database>): ErasuresTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(erasureRecord, row.doc)
    },
    async save(erasure) {
      const doc = toDocument(erasureRecord, erasure)
      await save(db, { id: erasure.id, clinic_id: erasure.clinicId, open: erasure.state === 'confirmed' ? 1 : 0, doc })
    },
    async confirmed(limit) {
      return (await confirmed(db, { limit })).rows.map((row) => fromDocument(erasureRecord, row.doc))
    },
  }
}
