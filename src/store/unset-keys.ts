import { type Kysely, sql } from 'kysely'
import { fromDocument, oneOf, record, text, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { UnsetKey, UnsetTable } from './port/settings.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

type Named = Pick<UnsetKey, 'connectorId' | 'kind' | 'key'>

const named = record<Named>({ connectorId: text, kind: oneOf<UnsetKey['kind']>({ agenda: true, motif: true }), key: text })
const words = record<{ readonly text: string }>({ text })

const count = prepare((db, row: Omit<Database['unset_keys'], 'count'>) =>
  db
    .insertInto('unset_keys')
    .values({
      clinic_id: row.clinic_id,
      connector_id: row.connector_id,
      kind: row.kind,
      key: row.key,
      text: row.text,
      doc: row.doc,
      count: sql.lit(1),
      first_seen_at: row.first_seen_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['clinic_id', 'connector_id', 'kind', 'key']).doUpdateSet((eb) => ({
        count: eb('unset_keys.count', '+', sql.lit(1)),
        text: eb.fn.coalesce('excluded.text', 'unset_keys.text'),
      })),
    ),
)

/** A screen's worth many times over; an EHR that invents a key for each appointment does not fill the memory. */
const maxListed = 1_000

const list = prepare((db, values: { clinicId: string }) =>
  db
    .selectFrom('unset_keys')
    .select(['doc', 'text', 'count', 'first_seen_at'])
    .where('clinic_id', '=', values.clinicId)
    .orderBy('count', 'desc')
    .orderBy('key')
    .limit(maxListed),
)

export function unsetKeysTable(db: Kysely<Database>): UnsetTable {
  return {
    async count(row, at) {
      await count(db, {
        clinic_id: row.clinicId,
        connector_id: row.connectorId,
        kind: row.kind,
        key: row.key,
        text: row.text === undefined ? null : toDocument(words, { text: row.text }),
        doc: toDocument(named, row),
        first_seen_at: toMicroseconds(at),
      })
    },
    async list(clinicId) {
      const { rows } = await list(db, { clinicId })
      return rows.map((row) => ({
        clinicId,
        ...fromDocument(named, row.doc),
        ...(row.text !== null && fromDocument(words, row.text)),
        count: row.count,
        firstSeenAt: fromMicroseconds(row.first_seen_at),
      }))
    },
  }
}
