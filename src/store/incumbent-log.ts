import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { ShadowSpan, ShadowTable } from './port/shadow.ts'
import { prepare } from './prepare.ts'
import { importRecord, saidRecord, watchedRecord } from './records/shadow.ts'
import type { Database } from './schema.ts'

const watch = prepare((db, row: Database['shadow_watched']) =>
  db
    .insertInto('shadow_watched')
    .values({
      notification_id: row.notification_id,
      clinic_id: row.clinic_id,
      appointment_id: row.appointment_id,
      patient_id: row.patient_id,
      at: row.at,
      forget_at: row.forget_at,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.column('notification_id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        appointment_id: eb.ref('excluded.appointment_id'),
        patient_id: eb.ref('excluded.patient_id'),
        at: eb.ref('excluded.at'),
        forget_at: eb.ref('excluded.forget_at'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

/** The key decides, not a look before. */
const hear = prepare((db, row: Database['incumbent_log']) =>
  db
    .insertInto('incumbent_log')
    .values({
      clinic_id: row.clinic_id,
      id: row.id,
      appointment_id: row.appointment_id,
      patient_id: row.patient_id,
      at: row.at,
      forget_at: row.forget_at,
      doc: row.doc,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

type Span = { readonly clinicId: string; readonly from: number; readonly until: number; readonly limit: number }

const watched = prepare((db, values: Span) =>
  db
    .selectFrom('shadow_watched')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('at', '>=', values.from)
    .where('at', '<', values.until)
    .orderBy('at')
    .orderBy('notification_id')
    .limit(values.limit),
)

const heard = prepare((db, values: Span) =>
  db
    .selectFrom('incumbent_log')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('at', '>=', values.from)
    .where('at', '<', values.until)
    .orderBy('at')
    .orderBy('id')
    .limit(values.limit),
)

const watchedOf = prepare((db, values: { appointmentId: string }) =>
  db.selectFrom('shadow_watched').select('doc').where('appointment_id', '=', values.appointmentId),
)

const saveImport = prepare((db, row: Database['incumbent_imports']) =>
  db
    .insertInto('incumbent_imports')
    .values({ id: row.id, clinic_id: row.clinic_id, at: row.at, forget_at: row.forget_at, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({ forget_at: eb.ref('excluded.forget_at'), doc: eb.ref('excluded.doc') })),
    ),
)

const imports = prepare((db, values: { clinicId: string; limit: number }) =>
  db
    .selectFrom('incumbent_imports')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(values.limit),
)

type Due = { readonly now: number; readonly limit: number }

const forgetting = [
  prepare((db, values: Due) =>
    db
      .deleteFrom('shadow_watched')
      .where('notification_id', 'in', (eb) =>
        eb
          .selectFrom('shadow_watched')
          .select('notification_id')
          .where('forget_at', '<=', values.now)
          .orderBy('forget_at')
          .limit(values.limit),
      ),
  ),
  prepare((db, values: Due) =>
    db
      .deleteFrom('incumbent_log')
      .where('id', 'in', (eb) =>
        eb.selectFrom('incumbent_log').select('id').where('forget_at', '<=', values.now).orderBy('forget_at').limit(values.limit),
      ),
  ),
  prepare((db, values: Due) =>
    db
      .deleteFrom('incumbent_imports')
      .where('id', 'in', (eb) =>
        eb.selectFrom('incumbent_imports').select('id').where('forget_at', '<=', values.now).orderBy('forget_at').limit(values.limit),
      ),
  ),
] as const

const soonest = (['shadow_watched', 'incumbent_log', 'incumbent_imports'] as const).map((table) =>
  prepare((db, _: Record<never, never>) => db.selectFrom(table).select('forget_at as at').orderBy('forget_at').limit(sql.lit(1))),
)

const ofAppointment = (['shadow_watched', 'incumbent_log'] as const).map((table) =>
  prepare((db, values: { id: string }) => db.deleteFrom(table).where('appointment_id', '=', values.id)),
)
const ofPatient = (['shadow_watched', 'incumbent_log'] as const).map((table) =>
  prepare((db, values: { id: string }) => db.deleteFrom(table).where('patient_id', '=', values.id)),
)

export function incumbentLogTable(db: Kysely<Database>): ShadowTable {
  const spanOf = (clinicId: string, { from, until, limit }: ShadowSpan): Span => ({
    clinicId,
    from: toMicroseconds(from),
    until: toMicroseconds(until),
    limit,
  })
  return {
    async watch(line) {
      await watch(db, {
        notification_id: line.notificationId,
        clinic_id: line.clinicId,
        appointment_id: line.appointmentId,
        patient_id: line.patientId,
        at: toMicroseconds(line.at),
        forget_at: toMicroseconds(line.forgetAt),
        doc: toDocument(watchedRecord, line),
      })
    },
    async watched(clinicId, span) {
      return (await watched(db, spanOf(clinicId, span))).rows.map(({ doc }) => fromDocument(watchedRecord, doc))
    },
    async watchedOf(appointmentId) {
      return (await watchedOf(db, { appointmentId })).rows.map(({ doc }) => fromDocument(watchedRecord, doc))
    },
    async hear(line) {
      const { numAffectedRows } = await hear(db, {
        clinic_id: line.clinicId,
        id: line.id,
        appointment_id: line.appointmentId ?? null,
        patient_id: line.patientId ?? null,
        at: toMicroseconds(line.at),
        forget_at: toMicroseconds(line.forgetAt),
        doc: toDocument(saidRecord, line),
      })
      return numAffectedRows === 1n
    },
    async heard(clinicId, span) {
      return (await heard(db, spanOf(clinicId, span))).rows.map(({ doc }) => fromDocument(saidRecord, doc))
    },
    async saveImport(file) {
      const { id, clinicId, at, forgetAt } = file
      const row = { id, clinic_id: clinicId, at: toMicroseconds(at), forget_at: toMicroseconds(forgetAt) }
      await saveImport(db, { ...row, doc: toDocument(importRecord, file) })
    },
    async imports(clinicId, limit) {
      return (await imports(db, { clinicId, limit })).rows.map(({ doc }) => fromDocument(importRecord, doc))
    },
    async forget(now, limit) {
      let count = 0
      for (const forget of forgetting) count += Number((await forget(db, { now: toMicroseconds(now), limit })).numAffectedRows ?? 0n)
      return count
    },
    async nextForgetAt() {
      const due: number[] = []
      for (const next of soonest) {
        const at = (await next(db, {})).rows[0]?.at
        if (at !== undefined) due.push(at)
      }
      return due.length > 0 ? fromMicroseconds(Math.min(...due)) : undefined
    },
    async forgetOf(about) {
      const id = 'appointmentId' in about ? about.appointmentId : about.patientId
      for (const remove of 'appointmentId' in about ? ofAppointment : ofPatient) await remove(db, { id })
    },
  }
}
