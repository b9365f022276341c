import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { ToDoTable } from './port/staff-lists.ts'
import { prepare } from './prepare.ts'
import { toDoRecord } from './records/to-do.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('to_do').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['to_do']) =>
  db
    .insertInto('to_do')
    .values({ id: row.id, clinic_id: row.clinic_id, created_at: row.created_at, forget_at: row.forget_at, done: row.done, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        created_at: eb.ref('excluded.created_at'),
        forget_at: eb.ref('excluded.forget_at'),
        done: eb.ref('excluded.done'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

/** Ids of one instant follow each other. */
const open = prepare((db, values: { clinicId: string; from: number; after: string; limit: number }) =>
  db
    .selectFrom('to_do')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('done', '=', sql.lit(0))
    .where((eb) => eb(eb.refTuple('created_at', 'id'), '>', eb.tuple(values.from, values.after)))
    .orderBy('created_at')
    .orderBy('id')
    .limit(values.limit),
)

const forget = prepare((db, values: { now: number; limit: number }) =>
  db
    .deleteFrom('to_do')
    .where('id', 'in', (eb) =>
      eb.selectFrom('to_do').select('id').where('forget_at', '<=', values.now).orderBy('forget_at').limit(values.limit),
    ),
)

const nextForgetAt = prepare((db, _: Record<never, never>) =>
  db.selectFrom('to_do').select('forget_at as at').orderBy('forget_at').limit(sql.lit(1)),
)

export function toDoTable(db: Kysely<Database>): ToDoTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(toDoRecord, row.doc)
    },
    async save(line) {
      await save(db, {
        id: line.id,
        clinic_id: line.clinicId,
        created_at: toMicroseconds(line.createdAt),
        forget_at: toMicroseconds(line.forgetAt),
        done: line.doneAt ? 1 : 0,
        doc: toDocument(toDoRecord, line),
      })
    },
    async open(clinicId, limit, after) {
      const from = after ? toMicroseconds(after.createdAt) : Number.MIN_SAFE_INTEGER
      const { rows } = await open(db, { clinicId, from, after: after?.id ?? '', limit })
      return rows.map((row) => fromDocument(toDoRecord, row.doc))
    },
    async forget(now, limit) {
      const { numAffectedRows } = await forget(db, { now: toMicroseconds(now), limit })
      return Number(numAffectedRows ?? 0n)
    },
    async nextForgetAt() {
      const at = (await nextForgetAt(db, {})).rows[0]?.at
      return at === undefined ? undefined : fromMicroseconds(at)
    },
  }
}
