import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { ToCallTable } from './port/staff-lists.ts'
import { prepare } from './prepare.ts'
import { toCallRecord } from './records/to-call.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('to_call').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['to_call']) =>
  db
    .insertInto('to_call')
    .values({
      id: row.id,
      clinic_id: row.clinic_id,
      appointment_id: row.appointment_id,
      start_at: row.start_at,
      created_at: row.created_at,
      done: row.done,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        appointment_id: eb.ref('excluded.appointment_id'),
        start_at: eb.ref('excluded.start_at'),
        created_at: eb.ref('excluded.created_at'),
        done: eb.ref('excluded.done'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const open = prepare((db, values: { clinicId: string; limit: number }) =>
  db
    .selectFrom('to_call')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('done', '=', sql.lit(0))
    .orderBy('start_at', (order) => order.asc().nullsLast())
    .limit(values.limit),
)

const ofAppointment = prepare((db, values: { appointmentId: string }) =>
  db.selectFrom('to_call').select('doc').where('appointment_id', '=', values.appointmentId).orderBy('created_at'),
)

export function toCallTable(db: Kysely<Database>): ToCallTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(toCallRecord, row.doc)
    },
    async save(entry) {
      await save(db, {
        id: entry.id,
        clinic_id: entry.clinicId,
        appointment_id: entry.appointmentId,
        start_at: entry.start ? toMicroseconds(entry.start) : null,
        created_at: toMicroseconds(entry.createdAt),
        done: entry.doneAt ? 1 : 0,
        doc: toDocument(toCallRecord, entry),
      })
    },
    async open(clinicId, limit) {
      const { rows } = await open(db, { clinicId, limit })
      return rows.map((row) => fromDocument(toCallRecord, row.doc))
    },
    async ofAppointment(appointmentId) {
      const { rows } = await ofAppointment(db, { appointmentId })
      return rows.map((row) => fromDocument(toCallRecord, row.doc))
    },
  }
}
