import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { UsageTable } from './port/usage.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { channel } from './records/notification.ts'
import { usageRecord } from './records/usage.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('usage').select('doc').where('attempt_id', '=', values.id))

const save = prepareWrite((db, row: Database['usage']) =>
  db
    .insertInto('usage')
    .values({
      attempt_id: row.attempt_id,
      clinic_id: row.clinic_id,
      channel: row.channel,
      automatic: row.automatic,
      refused: row.refused,
      contact_hash: row.contact_hash,
      sent_at: row.sent_at,
      counted_at: row.counted_at,
      segments: row.segments,
      price: row.price,
      currency: row.currency,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.column('attempt_id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        channel: eb.ref('excluded.channel'),
        automatic: eb.ref('excluded.automatic'),
        refused: eb.ref('excluded.refused'),
        contact_hash: eb.ref('excluded.contact_hash'),
        sent_at: eb.ref('excluded.sent_at'),
        counted_at: eb.ref('excluded.counted_at'),
        segments: eb.ref('excluded.segments'),
        price: eb.ref('excluded.price'),
        currency: eb.ref('excluded.currency'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const countTo = prepare((db, values: { clinicId: string; contactHash: string; since: number }) =>
  db
    .selectFrom('usage')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('clinic_id', '=', values.clinicId)
    .where('contact_hash', '=', values.contactHash)
    .where('counted_at', '>=', values.since),
)

type Span = { readonly clinicId: string; readonly from: number; readonly until: number }

const groups = ['channel', 'automatic', 'refused', 'currency'] as const

const messages = (db: Kysely<Database>, { clinicId, from, until }: Span) =>
  db
    .selectFrom('usage')
    .select([...groups, sql.lit(1).as('messages'), 'segments', 'price'])
    .where('clinic_id', '=', clinicId)
    .where('sent_at', '>=', from)
    .where('sent_at', '<', until)

/** Whole hours by their sums, the rest of the first and of the last message by message. */
const sums = prepare((db, values: { clinicId: string; from: number; firstHour: number; lastHour: number; until: number }) =>
  db
    .selectFrom(
      db
        .selectFrom('usage_hours')
        .select([...groups, 'messages', 'segments', 'price'])
        .where('clinic_id', '=', values.clinicId)
        .where('hour_at', '>=', values.firstHour)
        .where('hour_at', '<', values.lastHour)
        .unionAll(messages(db, { clinicId: values.clinicId, from: values.from, until: values.firstHour }))
        .unionAll(messages(db, { clinicId: values.clinicId, from: values.lastHour, until: values.until }))
        .as('parts'),
    )
    .select(groups)
    .select((eb) => [
      eb.fn.sum<number>('messages').as('messages'),
      eb.fn.sum<number>('segments').as('segments'),
      eb.fn.sum<number>('price').as('price'),
    ])
    .groupBy(groups)
    .having((eb) => eb.fn.sum('messages'), '>', sql.lit(0))
    .orderBy('channel')
    .orderBy('automatic', 'desc')
    .orderBy('refused')
    .orderBy('currency'),
)

const hour = 3_600_000_000

/** From the first whole hour to the end of the last; none where the span holds no whole hour. */
function wholeHours(from: number, until: number): { readonly firstHour: number; readonly lastHour: number } {
  const firstHour = Math.ceil(from / hour) * hour
  const lastHour = Math.floor(until / hour) * hour
  return firstHour < lastHour ? { firstHour, lastHour } : { firstHour: until, lastHour: until }
}

export function usageTable(db: Kysely<Database>): UsageTable {
  return {
    async save(row) {
      const sentAt = toMicroseconds(row.sentAt)
      await save(db, {
        attempt_id: row.attemptId,
        clinic_id: row.clinicId,
        channel: row.channel,
        automatic: row.automatic ? 1 : 0,
        refused: row.refused ? 1 : 0,
        contact_hash: row.contactHash,
        sent_at: sentAt,
        counted_at: row.capped && row.automatic && !row.refused ? sentAt : null,
        segments: row.segments,
        price: row.refused ? 0 : row.price,
        currency: row.currency,
        doc: toDocument(usageRecord, row),
      })
    },
    async find(attemptId) {
      const row = (await find(db, { id: attemptId })).rows[0]
      return row && fromDocument(usageRecord, row.doc)
    },
    async countTo(clinicId, contactHash, since) {
      return (await countTo(db, { clinicId, contactHash, since: toMicroseconds(since) })).rows[0]?.count ?? 0
    },
    async sums(clinicId, from, until) {
      const span = { from: toMicroseconds(from), until: toMicroseconds(until) }
      const { rows } = await sums(db, { clinicId, ...span, ...wholeHours(span.from, span.until) })
      return rows.map((row) => ({
        ...row,
        channel: channel.decode(row.channel),
        automatic: row.automatic === 1,
        refused: row.refused === 1,
      }))
    },
  }
}
