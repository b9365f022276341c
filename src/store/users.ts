import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { seesAll } from '../core/access.ts'
import type { User } from '../core/user.ts'
import { fromDocument, toDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { InvitationsTable, UsersTable } from './port/identity.ts'
import { prepare } from './prepare.ts'
import { invitationRecord, userRecord } from './records/identity.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('users').select('doc').where('id', '=', values.id))
const byLogin = prepare((db, values: { login: string }) => db.selectFrom('users').select('doc').where('login', '=', values.login))
const bySubject = prepare((db, values: { subject: string }) => db.selectFrom('users').select('doc').where('subject', '=', values.subject))

const save = prepare((db, row: Database['users']) =>
  db
    .insertInto('users')
    .values({ id: row.id, login: row.login, subject: row.subject, sees_all: row.sees_all, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        login: eb.ref('excluded.login'),
        subject: eb.ref('excluded.subject'),
        sees_all: eb.ref('excluded.sees_all'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const page = prepare((db, values: { after: string; limit: number }) =>
  db.selectFrom('users').select('doc').where('id', '>', values.after).orderBy('id').limit(values.limit),
)

const whoSeeAll = prepare((db, values: { limit: number }) =>
  db.selectFrom('users').select('doc').where('sees_all', '=', sql.lit(1)).orderBy('id').limit(values.limit),
)

export function usersTable(db: Kysely<Database>): UsersTable {
  const first = (rows: readonly { readonly doc: string }[]) => rows[0] && fromDocument(userRecord, rows[0].doc)
  return {
    find: async (id) => first((await find(db, { id })).rows),
    byLogin: async (login) => first((await byLogin(db, { login })).rows),
    bySubject: async (issuer, subject) => first((await bySubject(db, { subject: subjectKey({ issuer, subject }) })).rows),
    async save(user) {
      await save(db, {
        id: user.id,
        login: user.login,
        subject: user.provider ? subjectKey(user.provider) : null,
        sees_all: seesAll(user) && !user.disabledAt && (user.password !== undefined || user.provider) ? 1 : 0,
        doc: toDocument(userRecord, user),
      })
    },
    async list(limit, after) {
      return (await page(db, { after: after ?? '', limit })).rows.map(({ doc }) => fromDocument(userRecord, doc))
    },
    async whoSeeAll(limit) {
      return (await whoSeeAll(db, { limit })).rows.map(({ doc }) => fromDocument(userRecord, doc))
    },
  }
}

/** An outsider chose both parts. */
function subjectKey({ issuer, subject }: NonNullable<User['provider']>): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex')
}

const findInvitation = prepare((db, values: { tokenHash: string }) =>
  db.selectFrom('invitations').select('doc').where('token_hash', '=', values.tokenHash),
)

const saveInvitation = prepare((db, row: Database['invitations']) =>
  db.insertInto('invitations').values({ token_hash: row.token_hash, user_id: row.user_id, expires_at: row.expires_at, doc: row.doc }),
)

const removeInvitation = prepare((db, values: { tokenHash: string }) =>
  db.deleteFrom('invitations').where('token_hash', '=', values.tokenHash),
)

const removeOfUser = prepare((db, values: { userId: string }) => db.deleteFrom('invitations').where('user_id', '=', values.userId))

const forget = prepare((db, values: { now: number; limit: number }) =>
  db
    .deleteFrom('invitations')
    .where('token_hash', 'in', (eb) =>
      eb.selectFrom('invitations').select('token_hash').where('expires_at', '<=', values.now).orderBy('expires_at').limit(values.limit),
    ),
)

export function invitationsTable(db: Kysely<Database>): InvitationsTable {
  return {
    async find(tokenHash) {
      const row = (await findInvitation(db, { tokenHash })).rows[0]
      return row && fromDocument(invitationRecord, row.doc)
    },
    async save(invitation) {
      await saveInvitation(db, {
        token_hash: invitation.tokenHash,
        user_id: invitation.userId ?? null,
        expires_at: toMicroseconds(invitation.expiresAt),
        doc: toDocument(invitationRecord, invitation),
      })
    },
    async remove(tokenHash) {
      await removeInvitation(db, { tokenHash })
    },
    async removeOfUser(userId) {
      await removeOfUser(db, { userId })
    },
    async forget(now, limit) {
      return Number((await forget(db, { now: toMicroseconds(now), limit })).numAffectedRows ?? 0n)
    },
  }
}
