import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { SessionsTable } from './port/identity.ts'
import { prepare } from './prepare.ts'
import { sessionRecord } from './records/identity.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('sessions').select('doc').where('id', '=', values.id))

const insert = prepare((db, row: Database['sessions']) =>
  db.insertInto('sessions').values({ id: row.id, user_id: row.user_id, ends_at: row.ends_at, doc: row.doc }),
)

const update = prepare((db, row: Omit<Database['sessions'], 'user_id'>) =>
  db.updateTable('sessions').set({ ends_at: row.ends_at, doc: row.doc }).where('id', '=', row.id),
)

const remove = prepare((db, values: { id: string }) => db.deleteFrom('sessions').where('id', '=', values.id))

const ofUser = prepare((db, values: { userId: string; limit: number }) =>
  db.selectFrom('sessions').select('doc').where('user_id', '=', values.userId).orderBy('ends_at', 'desc').limit(values.limit),
)

const removeOfUser = prepare((db, values: { userId: string; except: string }) =>
  db.deleteFrom('sessions').where('user_id', '=', values.userId).where('id', '!=', values.except),
)

const forget = prepare((db, values: { now: number; limit: number }) =>
  db
    .deleteFrom('sessions')
    .where('id', 'in', (eb) =>
      eb.selectFrom('sessions').select('id').where('ends_at', '<=', values.now).orderBy('ends_at').limit(values.limit),
    ),
)

export function sessionsTable(db: Kysely<Database>): SessionsTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(sessionRecord, row.doc)
    },
    async insert(session) {
      const { id, userId, endsAt } = session
      await insert(db, { id, user_id: userId, ends_at: toMicroseconds(endsAt), doc: toDocument(sessionRecord, session) })
    },
    async update(session) {
      await update(db, { id: session.id, ends_at: toMicroseconds(session.endsAt), doc: toDocument(sessionRecord, session) })
    },
    async remove(id) {
      await remove(db, { id })
    },
    async ofUser(userId, limit) {
      return (await ofUser(db, { userId, limit })).rows.map(({ doc }) => fromDocument(sessionRecord, doc))
    },
    async removeOfUser(userId, except) {
      return Number((await removeOfUser(db, { userId, except: except ?? '' })).numAffectedRows ?? 0n)
    },
    async forget(now, limit) {
      return Number((await forget(db, { now: toMicroseconds(now), limit })).numAffectedRows ?? 0n)
    },
  }
}
