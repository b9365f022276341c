import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { prepare } from './prepare.ts'
import { patientRecord } from './records/patient.ts'
import type { Database } from './schema.ts'
import type { Transaction } from './store.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('patients').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['patients']) =>
  db
    .insertInto('patients')
    .values({ id: row.id, doc: row.doc })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

const sharing = prepare((db, values: { clinicId: string; phone: string; limit: number }) =>
  db
    .selectFrom('contacts')
    .innerJoin('patients', 'patients.id', 'contacts.patient_id')
    .select('patients.doc')
    .where('contacts.clinic_id', '=', values.clinicId)
    .where('contacts.value', '=', values.phone)
    .orderBy('contacts.patient_id')
    .limit(values.limit),
)

export function patientsTable(db: Kysely<Database>): Transaction['patients'] {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(patientRecord, row.doc)
    },
    async save(patient) {
      await save(db, { id: patient.id, doc: toDocument(patientRecord, patient) })
    },
    async sharing(clinicId, phone, limit) {
      const { rows } = await sharing(db, { clinicId, phone, limit })
      return rows.map((row) => fromDocument(patientRecord, row.doc))
    },
  }
}
