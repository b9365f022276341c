import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { MassHoldsTable } from './port/holds.ts'
import { prepare } from './prepare.ts'
import { massHoldRecord } from './records/mass-hold.ts'
import type { Database } from './schema.ts'

const save = prepare((db, row: Database['mass_holds']) =>
  db
    .insertInto('mass_holds')
    .values({ clinic_id: row.clinic_id, since_at: row.since_at, open: row.open, doc: row.doc })
    .onConflict((conflict) =>
      conflict.columns(['clinic_id', 'since_at']).doUpdateSet((eb) => ({ open: eb.ref('excluded.open'), doc: eb.ref('excluded.doc') })),
    ),
)

const open = prepare((db, values: { clinicId: string }) =>
  db
    .selectFrom('mass_holds')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('open', '=', sql.lit(1))
    .orderBy('since_at', 'desc')
    .limit(sql.lit(1)),
)

const latest = prepare((db, values: { clinicId: string }) =>
  db.selectFrom('mass_holds').select('doc').where('clinic_id', '=', values.clinicId).orderBy('since_at', 'desc').limit(sql.lit(1)),
)

export function massHoldsTable(db: Kysely<Database>): MassHoldsTable {
  return {
    async open(clinicId) {
      const row = (await open(db, { clinicId })).rows[0]
      return row && fromDocument(massHoldRecord, row.doc)
    },
    async latest(clinicId) {
      const row = (await latest(db, { clinicId })).rows[0]
      return row && fromDocument(massHoldRecord, row.doc)
    },
    async save(hold) {
      await save(db, {
        clinic_id: hold.clinicId,
        since_at: toMicroseconds(hold.since),
        open: hold.state === 'held' ? 1 : 0,
        doc: toDocument(massHoldRecord, hold),
      })
    },
  }
}
