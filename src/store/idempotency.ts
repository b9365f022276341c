import type { Kysely } from 'kysely'
import { fromDocument, instant, number, optional, record, text, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { AnsweredRequest, IdempotencyTable } from './port/idempotency.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

const answered = record<AnsweredRequest>({
  key: text,
  requestHash: text,
  startedAt: instant,
  forgetAt: instant,
  status: optional(number),
  body: optional(text),
})

const find = prepare((db, values: { key: string }) => db.selectFrom('idempotency').select('doc').where('key', '=', values.key))

const save = prepare((db, row: Database['idempotency']) =>
  db
    .insertInto('idempotency')
    .values({ key: row.key, forget_at: row.forget_at, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({ forget_at: eb.ref('excluded.forget_at'), doc: eb.ref('excluded.doc') })),
    ),
)

const remove = prepare((db, values: { key: string }) => db.deleteFrom('idempotency').where('key', '=', values.key))

const forget = prepare((db, values: { now: number; limit: number }) =>
  db
    .deleteFrom('idempotency')
    .where('key', 'in', (eb) =>
      eb.selectFrom('idempotency').select('key').where('forget_at', '<=', values.now).orderBy('forget_at').limit(values.limit),
    ),
)

export function idempotencyTable(db: Kysely<Database>): IdempotencyTable {
  return {
    async find(key) {
      const row = (await find(db, { key })).rows[0]
      return row && fromDocument(answered, row.doc)
    },
    async save(request) {
      await save(db, { key: request.key, forget_at: toMicroseconds(request.forgetAt), doc: toDocument(answered, request) })
    },
    async remove(key) {
      await remove(db, { key })
    },
    async forget(now, limit) {
      const { numAffectedRows } = await forget(db, { now: toMicroseconds(now), limit })
      return Number(numAffectedRows ?? 0n)
    },
  }
}
