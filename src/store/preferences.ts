import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { PreferencesTable } from './port/patients.ts'
import { prepare } from './prepare.ts'
import { preferencesRecord } from './records/preferences.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { patientId: string }) =>
  db.selectFrom('preferences').select('doc').where('patient_id', '=', values.patientId),
)

const save = prepare((db, row: Database['preferences']) =>
  db
    .insertInto('preferences')
    .values({ patient_id: row.patient_id, doc: row.doc })
    .onConflict((conflict) => conflict.column('patient_id').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

export function preferencesTable(db: Kysely<Database>): PreferencesTable {
  return {
    async find(patientId) {
      const row = (await find(db, { patientId })).rows[0]
      return row && fromDocument(preferencesRecord, row.doc)
    },
    async save(patientId, preferences) {
      await save(db, { patient_id: patientId, doc: toDocument(preferencesRecord, preferences) })
    },
  }
}
