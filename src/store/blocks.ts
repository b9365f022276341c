import type { Kysely } from 'kysely'
import type { AgendaBlock } from '../core/news.ts'
import { fromDocument, text, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { BlocksTable } from './port/blocks.ts'
import { prepare } from './prepare.ts'
import { blockRecord } from './records/block.ts'
import type { Database } from './schema.ts'

const save = prepare((db, row: Database['blocks']) =>
  db
    .insertInto('blocks')
    .values({
      clinic_id: row.clinic_id,
      agenda_key: row.agenda_key,
      end_at: row.end_at,
      start_at: row.start_at,
      said_at: row.said_at,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['clinic_id', 'agenda_key', 'end_at', 'start_at'])
        .doUpdateSet((eb) => ({ said_at: eb.ref('excluded.said_at'), doc: eb.ref('excluded.doc') }))
        .whereRef('excluded.said_at', '>=', 'blocks.said_at'),
    ),
)

const covering = prepare((db, values: { clinicId: string; agendaKey: string; at: number }) =>
  db
    .selectFrom('blocks')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('agenda_key', '=', values.agendaKey)
    .where('end_at', '>', values.at)
    .where('start_at', '<=', values.at)
    .orderBy('said_at', 'desc')
    .limit(1),
)

export function blocksTable(db: Kysely<Database>): BlocksTable {
  return {
    async save(block: AgendaBlock) {
      await save(db, {
        clinic_id: block.clinicId,
        agenda_key: toDocument(text, block.agendaKey),
        end_at: toMicroseconds(block.end),
        start_at: toMicroseconds(block.start),
        said_at: toMicroseconds(block.stamp.at),
        doc: toDocument(blockRecord, block),
      })
    },
    async covering(clinicId, agendaKey, at) {
      const row = (await covering(db, { clinicId, agendaKey: toDocument(text, agendaKey), at: toMicroseconds(at) })).rows[0]
      return row && fromDocument(blockRecord, row.doc)
    },
  }
}
