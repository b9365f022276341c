import type { Kysely } from 'kysely'
import { fromDocument, text, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { PatientsTable } from './port/patients.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { priorId: string }) =>
  db.selectFrom('aliases').select('survivor').where('prior_id', '=', values.priorId),
)

const save = prepare((db, row: Database['aliases']) =>
  db
    .insertInto('aliases')
    .values({ prior_id: row.prior_id, survivor_id: row.survivor_id, survivor: row.survivor, merged_at: row.merged_at })
    .onConflict((conflict) =>
      conflict.column('prior_id').doUpdateSet((eb) => ({
        survivor_id: eb.ref('excluded.survivor_id'),
        survivor: eb.ref('excluded.survivor'),
        merged_at: eb.ref('excluded.merged_at'),
      })),
    ),
)

const repoint = prepare((db, values: { from: string; to: string; survivor: string }) =>
  db.updateTable('aliases').set({ survivor_id: values.to, survivor: values.survivor }).where('survivor_id', '=', values.from),
)

export function aliasesOf(db: Kysely<Database>): Pick<PatientsTable, 'survivorOf' | 'mergeInto'> {
  return {
    async survivorOf(id) {
      const row = (await find(db, { priorId: id })).rows[0]
      return row ? fromDocument(text, row.survivor) : id
    },
    async mergeInto(prior, survivor, at) {
      const document = toDocument(text, survivor)
      await save(db, { prior_id: prior, survivor_id: survivor, survivor: document, merged_at: toMicroseconds(at) })
      await repoint(db, { from: prior, to: survivor, survivor: document })
    },
  }
}
