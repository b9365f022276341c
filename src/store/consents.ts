import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import type { ConsentsTable } from './port/contacts.ts'
import { prepare } from './prepare.ts'
import { consentRecord } from './records/consent.ts'
import type { Database } from './schema.ts'

type Key = Omit<Database['consents'], 'doc'>

const find = prepare((db, key: Key) =>
  db
    .selectFrom('consents')
    .select('doc')
    .where('clinic_id', '=', key.clinic_id)
    .where('channel', '=', key.channel)
    .where('contact', '=', key.contact),
)

const save = prepare((db, row: Database['consents']) =>
  db
    .insertInto('consents')
    .values({ clinic_id: row.clinic_id, channel: row.channel, contact: row.contact, doc: row.doc })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'channel', 'contact']).doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

export function consentsTable(db: Kysely<Database>): ConsentsTable {
  return {
    async find(clinicId, channel, contact) {
      const row = (await find(db, { clinic_id: clinicId, channel, contact })).rows[0]
      return row && fromDocument(consentRecord, row.doc)
    },
    async save(clinicId, channel, contact, consent) {
      await save(db, { clinic_id: clinicId, channel, contact, doc: toDocument(consentRecord, consent) })
    },
  }
}
