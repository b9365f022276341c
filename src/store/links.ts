import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { LinksTable } from './port/links.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { linkRecord } from './records/link.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { tokenHash: string }) => db.selectFrom('links').select('doc').where('token_hash', '=', values.tokenHash))

const save = prepareWrite((db, row: { tokenHash: string; appointmentId: string; doc: string }) =>
  db
    .insertInto('links')
    .values({ token_hash: row.tokenHash, appointment_id: row.appointmentId, doc: row.doc })
    .onConflict((conflict) => conflict.column('token_hash').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

export function linksTable(db: Kysely<Database>): LinksTable {
  return {
    async save(link) {
      await save(db, { tokenHash: link.tokenHash, appointmentId: link.appointmentId, doc: toDocument(linkRecord, link) })
    },
    async find(tokenHash) {
      const row = (await find(db, { tokenHash })).rows[0]
      return row && fromDocument(linkRecord, row.doc)
    },
  }
}
