import { type Kysely, sql } from 'kysely'
import type { Envelope } from '../core/envelope.ts'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { InboxRow, InboxState, InboxTable } from './port/inbox.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { headRecord, inboxState, outcomeRecord } from './records/inbox.ts'
import type { Database } from './schema.ts'

type Row = Omit<Database['inbox'], 'pinned' | 'pending_at' | 'connector_id' | 'identity'> & { readonly body: unknown }

const insertHead = prepareWrite((db, row: Omit<Database['inbox'], 'pinned'>) =>
  db.insertInto('inbox').values({
    id: row.id,
    connector_id: row.connector_id,
    identity: row.identity,
    hash: row.hash,
    state: row.state,
    tries: row.tries,
    pending_at: row.pending_at,
    next_try_at: row.next_try_at,
    settled_at: row.settled_at,
    archived: row.archived,
    pinned: sql.lit(0),
    doc: row.doc,
    outcome: row.outcome,
  }),
)

const insertBody = prepareWrite((db, row: { id: string; body: Uint8Array }) =>
  db.insertInto('inbox_bodies').values({ id: row.id, body: row.body }),
)

const columns = ['inbox.id', 'hash', 'state', 'tries', 'next_try_at', 'settled_at', 'archived', 'doc', 'outcome', 'body'] as const

const rows = (db: Kysely<Database>) => db.selectFrom('inbox').leftJoin('inbox_bodies', 'inbox_bodies.id', 'inbox.id').select(columns)

const byId = prepare((db, values: { id: string }) => rows(db).where('inbox.id', '=', values.id))

const byIdentity = prepare((db, values: { connectorId: string; identity: string; hash: string }) =>
  rows(db)
    .where('connector_id', '=', values.connectorId)
    .where('identity', '=', values.identity)
    .where('hash', '=', values.hash)
    .where('state', '!=', sql.lit('retried'))
    .orderBy('inbox.id')
    .limit(sql.lit(1)),
)

const pending = prepare((db, values: { now: number; limit: number }) =>
  rows(db).where('pending_at', '<=', values.now).orderBy('pending_at').orderBy('inbox.id').limit(values.limit),
)

const soonest = prepare((db, _: Record<never, never>) =>
  db
    .selectFrom('inbox')
    .select((eb) => eb.fn.min('pending_at').as('at'))
    .where('pending_at', 'is not', null),
)

const settled = prepare((db, values: { id: string; state: string; at: number; outcome: string | null }) =>
  db
    .updateTable('inbox')
    .set({ state: values.state, settled_at: values.at, outcome: values.outcome, pending_at: null })
    .where('id', '=', values.id),
)

const deferred = prepare((db, values: { id: string; at: number; outcome: string }) =>
  db
    .updateTable('inbox')
    .set((eb) => ({ pending_at: values.at, next_try_at: values.at, outcome: values.outcome, tries: eb('tries', '+', sql.lit(1)) }))
    .where('id', '=', values.id)
    .where('state', '=', sql.lit('received')),
)

const quarantined = prepare((db, values: { before: string; limit: number }) =>
  rows(db)
    .where('state', '=', sql.lit('quarantined'))
    .where('inbox.id', '<', values.before)
    .orderBy('inbox.id', 'desc')
    .limit(values.limit),
)

const arrived = prepare((db, values: { from: string; until: string; limit: number }) =>
  rows(db).where('inbox.id', '>=', values.from).where('inbox.id', '<', values.until).orderBy('inbox.id').limit(values.limit),
)

const counts = prepare((db, _: Record<never, never>) =>
  db
    .selectFrom('inbox_counts')
    .select((eb) => ['state', eb.fn.sum<number>('rows').as('rows')])
    .groupBy('state')
    .having((eb) => eb.fn.sum('rows'), '>', sql.lit(0)),
)

const archivable = prepare((db, values: { limit: number }) =>
  rows(db)
    .where('archived', '=', sql.lit(0))
    .where('pinned', '=', sql.lit(0))
    .where('settled_at', 'is not', null)
    .where('state', '!=', sql.lit('quarantined'))
    .orderBy('inbox.id')
    .limit(values.limit),
)

const deleteBody = prepare((db, values: { id: string }) => db.deleteFrom('inbox_bodies').where('id', '=', values.id))

const markArchived = prepare((db, values: { id: string }) =>
  db
    .updateTable('inbox')
    .set({ archived: sql.lit(1) })
    .where('id', '=', values.id),
)

/** Sorts after every id. */
const afterAll = '\u{10FFFF}'

export function inboxTable(db: Kysely<Database>): InboxTable {
  const one = async (found: Promise<{ readonly rows: readonly Row[] }>) => (await found).rows.map(toInboxRow)[0]
  const many = async (found: Promise<{ readonly rows: readonly Row[] }>) => (await found).rows.map(toInboxRow)
  return {
    async insert(row) {
      await insertHead(db, toColumns(row))
      if (!row.archived) await insertBody(db, { id: row.id, body: row.envelope.body })
    },
    find: (id) => one(byId(db, { id })),
    findDuplicate: (connectorId, identity, hash) => one(byIdentity(db, { connectorId, identity, hash })),
    pending: (now, limit) => many(pending(db, { now: toMicroseconds(now), limit })),
    /** Nobody else is there. */
    take: (now, limit) => many(pending(db, { now: toMicroseconds(now), limit })),
    async nextDueAt() {
      const at = (await soonest(db, {})).rows[0]?.at
      return typeof at === 'number' ? fromMicroseconds(at) : undefined
    },
    async settle(id, { state, at, ...outcome }) {
      const { numAffectedRows } = await settled(db, { id, state, at: toMicroseconds(at), outcome: toDocument(outcomeRecord, outcome) })
      if (numAffectedRows !== 1n) throw new Error(`no inbox row ${id} to settle`)
    },
    async defer(id, nextTryAt, reason) {
      const outcome = toDocument(outcomeRecord, { reason })
      const { numAffectedRows } = await deferred(db, { id, at: toMicroseconds(nextTryAt), outcome })
      if (numAffectedRows !== 1n) throw new Error(`no received inbox row ${id} to defer`)
    },
    quarantined: ({ limit, before }) => many(quarantined(db, { limit, before: before ?? afterAll })),
    arrived: ({ from, until, limit }) => many(arrived(db, { from, until, limit })),
    async countByState() {
      const found = (await counts(db, {})).rows
      return Object.fromEntries(found.map(({ state, rows }) => [inboxState.decode(state), rows])) as Partial<Record<InboxState, number>>
    },
    archivable: (limit) => many(archivable(db, { limit })),
    async dropBody(id) {
      await markArchived(db, { id })
      await deleteBody(db, { id })
    },
  }
}

function toColumns(row: InboxRow): Omit<Database['inbox'], 'pinned'> {
  const { body: _, ...head } = row.envelope
  const { identity, reason, fault } = row
  const nextTryAt = toMicroseconds(row.nextTryAt)
  return {
    id: row.id,
    connector_id: row.envelope.connectorId,
    identity: identity ?? null,
    hash: row.hash,
    state: row.state,
    tries: row.tries,
    pending_at: row.state === 'received' ? nextTryAt : null,
    next_try_at: nextTryAt,
    settled_at: row.settledAt ? toMicroseconds(row.settledAt) : null,
    archived: row.archived ? 1 : 0,
    doc: toDocument(headRecord, { ...head, ...(identity !== undefined && { identity }) }),
    outcome:
      reason === undefined && fault === undefined
        ? null
        : toDocument(outcomeRecord, { ...(reason !== undefined && { reason }), ...(fault && { fault }) }),
  }
}

function toInboxRow(row: Row): InboxRow {
  const { identity, ...head } = fromDocument(headRecord, row.doc)
  const envelope: Envelope = { ...head, body: bytes(row.body) }
  return {
    id: row.id,
    envelope,
    archived: row.archived === 1,
    ...(identity !== undefined && { identity }),
    hash: row.hash,
    state: inboxState.decode(row.state),
    ...(row.outcome !== null && fromDocument(outcomeRecord, row.outcome)),
    tries: row.tries,
    nextTryAt: fromMicroseconds(row.next_try_at),
    ...(row.settled_at !== null && { settledAt: fromMicroseconds(row.settled_at) }),
  }
}

/** libsql gives an ArrayBuffer for a blob, and null where the body is gone. */
function bytes(stored: unknown): Uint8Array {
  if (stored instanceof ArrayBuffer || stored instanceof Uint8Array) return new Uint8Array(stored)
  return new Uint8Array(0)
}
