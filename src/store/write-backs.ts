import type { ExpressionBuilder, Kysely } from 'kysely'
import type { WriteBack } from '../core/write-back.ts'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { WriteBacksTable } from './port/write-backs.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { writeBackRecord } from './records/write-back.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('write_backs').select('doc').where('id', '=', values.id))

const save = prepareWrite((db, row: Database['write_backs']) =>
  db
    .insertInto('write_backs')
    .values({
      id: row.id,
      appointment_id: row.appointment_id,
      connector_id: row.connector_id,
      state: row.state,
      answered_at: row.answered_at,
      pending_at: row.pending_at,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        appointment_id: eb.ref('excluded.appointment_id'),
        connector_id: eb.ref('excluded.connector_id'),
        state: eb.ref('excluded.state'),
        answered_at: eb.ref('excluded.answered_at'),
        pending_at: eb.ref('excluded.pending_at'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const ofAppointment = prepare((db, values: { appointmentId: string }) =>
  db.selectFrom('write_backs').select('doc').where('appointment_id', '=', values.appointmentId).orderBy('answered_at').orderBy('id'),
)

type Joined = Database & { readonly older: Database['write_backs'] }

/** An answer waits behind the older answers to the same appointment, even while those wait for their next try (R12). */
function isFirstOfAppointment(eb: ExpressionBuilder<Database, 'write_backs'>) {
  const older = (other: ExpressionBuilder<Joined, 'older' | 'write_backs'>) =>
    other.or([
      other('older.answered_at', '<', other.ref('write_backs.answered_at')),
      other.and([
        other('older.answered_at', '=', other.ref('write_backs.answered_at')),
        other('older.id', '<', other.ref('write_backs.id')),
      ]),
    ])
  return eb.not(
    eb.exists(
      eb
        .selectFrom('write_backs as older')
        .select('older.id')
        .whereRef('older.appointment_id', '=', 'write_backs.appointment_id')
        .where('older.pending_at', 'is not', null)
        .where(older),
    ),
  )
}

const due = prepare((db, values: { now: number; limit: number }) =>
  db
    .selectFrom('write_backs')
    .select('doc')
    .where('pending_at', '<=', values.now)
    .where(isFirstOfAppointment)
    .orderBy('answered_at')
    .orderBy('id')
    .limit(values.limit),
)

/** Of those only that `due` may give: else the loop would wake for one that still waits behind another, and find nothing, for ever. */
const soonest = prepare((db, _: Record<never, never>) =>
  db
    .selectFrom('write_backs')
    .select('pending_at as at')
    .where('pending_at', 'is not', null)
    .where(isFirstOfAppointment)
    .orderBy('pending_at')
    .limit(1),
)

const inState = prepare((db, values: { connectorId: string; state: string; at: number; before: string; limit: number }) =>
  db
    .selectFrom('write_backs')
    .select('doc')
    .where('connector_id', '=', values.connectorId)
    .where('state', '=', values.state)
    .where((eb) => eb(eb.refTuple('answered_at', 'id'), '<', eb.tuple(values.at, values.before)))
    .orderBy('answered_at', 'desc')
    .orderBy('id', 'desc')
    .limit(values.limit),
)

export function writeBacksTable(db: Kysely<Database>): WriteBacksTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(writeBackRecord, row.doc)
    },
    async save(writeBack) {
      await save(db, {
        id: writeBack.id,
        appointment_id: writeBack.appointmentId,
        connector_id: writeBack.connectorId,
        state: writeBack.state,
        answered_at: toMicroseconds(writeBack.answeredAt),
        pending_at: isUnfinished(writeBack) ? toMicroseconds(writeBack.nextTryAt) : null,
        doc: toDocument(writeBackRecord, writeBack),
      })
    },
    async ofAppointment(appointmentId) {
      const { rows } = await ofAppointment(db, { appointmentId })
      return rows.map((row) => fromDocument(writeBackRecord, row.doc))
    },
    async due(now, limit) {
      const { rows } = await due(db, { now: toMicroseconds(now), limit })
      return rows.map((row) => fromDocument(writeBackRecord, row.doc))
    },
    async nextDueAt() {
      const at = (await soonest(db, {})).rows[0]?.at
      return typeof at === 'number' ? fromMicroseconds(at) : undefined
    },
    async inState(connectorId, state, { limit, before }) {
      const end = before ? { at: toMicroseconds(before.answeredAt), before: before.id } : { at: Number.MAX_SAFE_INTEGER, before: '' }
      const { rows } = await inState(db, { connectorId, state, ...end, limit })
      return rows.map((row) => fromDocument(writeBackRecord, row.doc))
    },
  }
}

function isUnfinished(writeBack: WriteBack): boolean {
  return writeBack.state === 'queued' || writeBack.state === 'sending'
}
