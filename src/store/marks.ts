import type { Kysely } from 'kysely'
import { fromDocument, text, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { MarksTable } from './port/marks.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { connectorId: string; name: string }) =>
  db.selectFrom('marks').select('value').where('connector_id', '=', values.connectorId).where('name', '=', values.name),
)

const save = prepare((db, row: Database['marks']) =>
  db
    .insertInto('marks')
    .values({ connector_id: row.connector_id, name: row.name, value: row.value, saved_at: row.saved_at })
    .onConflict((conflict) =>
      conflict
        .columns(['connector_id', 'name'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), saved_at: eb.ref('excluded.saved_at') })),
    ),
)

export function marksTable(db: Kysely<Database>): MarksTable {
  return {
    async find(connectorId, name) {
      const row = (await find(db, { connectorId, name })).rows[0]
      return row && fromDocument(text, row.value)
    },
    async save(connectorId, name, value, at) {
      await save(db, { connector_id: connectorId, name, value: toDocument(text, value), saved_at: toMicroseconds(at) })
    },
  }
}
