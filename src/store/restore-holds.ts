import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { RestoreHoldsTable } from './port/holds.ts'
import { prepare } from './prepare.ts'
import { notificationRecord } from './records/notification.ts'
import { restoreHoldRecord } from './records/operations.ts'
import type { Database } from './schema.ts'

const save = prepare((db, row: Database['restore_holds']) =>
  db
    .insertInto('restore_holds')
    .values({ since_at: row.since_at, open: row.open, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('since_at').doUpdateSet((eb) => ({ open: eb.ref('excluded.open'), doc: eb.ref('excluded.doc') })),
    ),
)

const latest = prepare((db, _: Record<never, never>) =>
  db.selectFrom('restore_holds').select('doc').orderBy('since_at', 'desc').limit(sql.lit(1)),
)

const waiting = prepare((db, values: { until: number; from: number; after: string; limit: number }) =>
  db
    .selectFrom('notifications')
    .select('doc')
    .where('pending_at', 'is not', null)
    .where('pending_at', '<=', values.until)
    .where((eb) => eb(eb.refTuple('pending_at', 'id'), '>', eb.tuple(values.from, values.after)))
    .orderBy('pending_at')
    .orderBy('id')
    .limit(values.limit),
)

export function restoreHoldsTable(db: Kysely<Database>): RestoreHoldsTable {
  return {
    async latest() {
      const row = (await latest(db, {})).rows[0]
      return row && fromDocument(restoreHoldRecord, row.doc)
    },
    async waiting(until, after, limit) {
      const from = after ? toMicroseconds(after.dueAt) : Number.MIN_SAFE_INTEGER
      const { rows } = await waiting(db, { until: toMicroseconds(until), from, after: after?.id ?? '', limit })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    async save(hold) {
      await save(db, {
        since_at: toMicroseconds(hold.since),
        open: hold.state === 'held' ? 1 : 0,
        doc: toDocument(restoreHoldRecord, hold),
      })
    },
  }
}
