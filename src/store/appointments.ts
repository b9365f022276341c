import type { Kysely } from 'kysely'
import { appointmentSlices } from './appointment-slices.ts'
import { fromDocument, list, text, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { AppointmentsTable } from './port/appointments.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { appointmentRecord } from './records/appointment.ts'
import type { Database } from './schema.ts'
import { countAppointment } from './statistics.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('appointments').select('doc').where('id', '=', values.id))

const save = prepareWrite((db, row: Database['appointments']) =>
  db
    .insertInto('appointments')
    .values({
      id: row.id,
      clinic_id: row.clinic_id,
      patient_id: row.patient_id,
      start_at: row.start_at,
      envelope_id: row.envelope_id,
      visit_key: row.visit_key,
      agenda_key: row.agenda_key,
      counted_day: row.counted_day,
      counted_as: row.counted_as,
      counted_agenda: row.counted_agenda,
      counted_motif: row.counted_motif,
      counted_lead: row.counted_lead,
      held_for: row.held_for,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        patient_id: eb.ref('excluded.patient_id'),
        start_at: eb.ref('excluded.start_at'),
        envelope_id: eb.ref('excluded.envelope_id'),
        visit_key: eb.ref('excluded.visit_key'),
        agenda_key: eb.ref('excluded.agenda_key'),
        counted_day: eb.ref('excluded.counted_day'),
        counted_as: eb.ref('excluded.counted_as'),
        counted_agenda: eb.ref('excluded.counted_agenda'),
        counted_motif: eb.ref('excluded.counted_motif'),
        counted_lead: eb.ref('excluded.counted_lead'),
        held_for: eb.ref('excluded.held_for'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const ofPatient = prepare((db, values: { patientId: string; from: number; limit: number }) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('patient_id', '=', values.patientId)
    .where('start_at', '>=', values.from)
    .orderBy('start_at')
    .limit(values.limit),
)

const ofVisit = prepare((db, values: { key: string; limit: number }) =>
  db.selectFrom('appointments').select('doc').where('visit_key', '=', values.key).orderBy('id').limit(values.limit),
)

const startingAt = prepare((db, values: { clinicId: string; start: number; limit: number }) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('start_at', '=', values.start)
    .orderBy('id')
    .limit(values.limit),
)

const held = prepare((db, values: { clinicId: string; limit: number }) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('held_for', 'is not', null)
    .orderBy('start_at')
    .orderBy('id')
    .limit(values.limit),
)

/** By id, not by start: an appointment that moves while the pages are read is neither skipped nor met twice. */
const ahead = prepare((db, values: { clinicId: string; from: number; after: string; limit: number }) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('id', '>', values.after)
    .where('start_at', '>=', values.from)
    .orderBy('id')
    .limit(values.limit),
)

interface StartingValues {
  readonly clinicId: string
  readonly from: number
  readonly after: string
  readonly until: number
  readonly limit: number
}

const starting = prepare((db, values: StartingValues) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where((eb) => eb(eb.refTuple('start_at', 'id'), '>', eb.tuple(values.from, values.after)))
    .where('start_at', '<', values.until)
    .orderBy('start_at')
    .orderBy('id')
    .limit(values.limit),
)

const startingInAgenda = prepare((db, values: StartingValues & { readonly agendaKey: string }) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('agenda_key', '=', values.agendaKey)
    .where((eb) => eb(eb.refTuple('start_at', 'id'), '>', eb.tuple(values.from, values.after)))
    .where('start_at', '<', values.until)
    .orderBy('start_at')
    .orderBy('id')
    .limit(values.limit),
)

export function appointmentsTable(db: Kysely<Database>): AppointmentsTable {
  return {
    ...appointmentSlices(db),
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(appointmentRecord, row.doc)
    },
    async save(appointment) {
      await save(db, {
        id: appointment.id,
        clinic_id: appointment.clinicId,
        patient_id: appointment.patientId ?? null,
        start_at: appointment.start ? toMicroseconds(appointment.start) : null,
        envelope_id: appointment.envelopeId ?? null,
        visit_key: appointment.visit === undefined ? null : visitKey(appointment.connectorId, appointment.visit),
        agenda_key: appointment.agenda ? toDocument(text, appointment.agenda.key) : null,
        ...countAppointment(appointment),
        held_for: appointment.holds.length > 0 ? appointment.holds.join(' ') : null,
        doc: toDocument(appointmentRecord, appointment),
      })
    },
    async ofPatient(patientId, from, limit) {
      const { rows } = await ofPatient(db, { patientId, from: toMicroseconds(from), limit })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
    async ofVisit(connectorId, visit, limit) {
      const { rows } = await ofVisit(db, { key: visitKey(connectorId, visit), limit })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
    async startingAt(clinicId, start, limit) {
      const { rows } = await startingAt(db, { clinicId, start: toMicroseconds(start), limit })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
    async ahead(clinicId, from, after, limit) {
      const { rows } = await ahead(db, { clinicId, from: toMicroseconds(from), after: after ?? '', limit })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
    async held(clinicId, limit) {
      const { rows } = await held(db, { clinicId, limit })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
    async starting(clinicId, { from, until, limit, agendaKey, after }) {
      // an empty id comes before every other of the same instant
      const begin = after ? { from: toMicroseconds(after.start), after: after.id } : { from: toMicroseconds(from), after: '' }
      const values = { clinicId, ...begin, until: toMicroseconds(until), limit }
      const { rows } =
        agendaKey === undefined
          ? await starting(db, values)
          : await startingInAgenda(db, { ...values, agendaKey: toDocument(text, agendaKey) })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
  }
}

const keyRecord = list(text)

function visitKey(connectorId: string, visit: string): string {
  return toDocument(keyRecord, [connectorId, visit])
}
