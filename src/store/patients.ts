import type { Kysely } from 'kysely'
import type { Patient } from '../core/patient.ts'
import { fromDocument, list, text, toDocument } from './codec.ts'
import { prepare } from './prepare.ts'
import { patientRecord } from './records/patient.ts'
import type { Database } from './schema.ts'
import type { Transaction } from './store.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('patients').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['patients']) =>
  db
    .insertInto('patients')
    .values({ id: row.id, clinic_id: row.clinic_id, phones: row.phones, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        phones: eb.ref('excluded.phones'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
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
      await save(db, {
        id: patient.id,
        clinic_id: patient.clinicId,
        phones: phonesOf(patient),
        doc: toDocument(patientRecord, patient),
      })
    },
    async sharing(clinicId, phone, limit) {
      const { rows } = await sharing(db, { clinicId, phone, limit })
      return rows.map((row) => fromDocument(patientRecord, row.doc))
    },
  }
}

const numbers = list(text)

function phonesOf({ contacts }: Patient): string | null {
  const phones = contacts.flatMap(({ kind, value }) => (kind === 'phone' && value !== undefined ? [value] : []))
  return phones.length > 0 ? toDocument(numbers, phones) : null
}
