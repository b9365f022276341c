import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { ApiKeysTable } from './port/identity.ts'
import { prepare } from './prepare.ts'
import { apiKeyRecord } from './records/identity.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('api_keys').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['api_keys']) =>
  db
    .insertInto('api_keys')
    .values({ id: row.id, doc: row.doc })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

const page = prepare((db, values: { after: string; limit: number }) =>
  db.selectFrom('api_keys').select('doc').where('id', '>', values.after).orderBy('id').limit(values.limit),
)

export function apiKeysTable(db: Kysely<Database>): ApiKeysTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(apiKeyRecord, row.doc)
    },
    async save(key) {
      await save(db, { id: key.id, doc: toDocument(apiKeyRecord, key) })
    },
    async list(limit, after) {
      return (await page(db, { after: after ?? '', limit })).rows.map(({ doc }) => fromDocument(apiKeyRecord, doc))
    },
  }
}
