import type { Kysely } from 'kysely'
import { toMicroseconds } from './instant.ts'
import type { InboundTextsTable } from './port/inbound.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

/** The key decides, not a look before: two of one text at once are one (R30). */
const insert = prepare((db, row: Omit<Database['inbound_texts'], 'said'>) =>
  db
    .insertInto('inbound_texts')
    .values({ id: row.id, contact_hash: row.contact_hash, received_at: row.received_at })
    .onConflict((conflict) => conflict.doNothing()),
)

const answer = prepare((db, values: { id: string; said: string }) =>
  db.updateTable('inbound_texts').set({ said: values.said }).where('id', '=', values.id),
)

/** More than one number is ever answered in the time that is looked at. */
const most = 100

const answersTo = prepare((db, values: { contactHash: string; since: number; limit: number }) =>
  db
    .selectFrom('inbound_texts')
    .select('said')
    .where('contact_hash', '=', values.contactHash)
    .where('received_at', '>=', values.since)
    .where('said', 'is not', null)
    .limit(values.limit),
)

export function inboundTextsTable(db: Kysely<Database>): InboundTextsTable {
  return {
    async insert({ id, contactHash, receivedAt }) {
      const { numAffectedRows } = await insert(db, { id, contact_hash: contactHash, received_at: toMicroseconds(receivedAt) })
      return numAffectedRows === 1n
    },
    async answer(id, said) {
      await answer(db, { id, said })
    },
    async answersTo(contactHash, since) {
      const { rows } = await answersTo(db, { contactHash, since: toMicroseconds(since), limit: most })
      return rows.flatMap(({ said }) => said ?? [])
    },
  }
}
