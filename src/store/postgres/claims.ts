import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { fromDocument } from '../codec.ts'
import { fromMicroseconds, toMicroseconds } from '../instant.ts'
import type { AttemptsTable } from '../port/attempts.ts'
import type { InboxRow, InboxTable } from '../port/inbox.ts'
import type { NotificationsTable } from '../port/notifications.ts'
import type { WriteBacksTable } from '../port/write-backs.ts'
import { notificationRecord } from '../records/notification.ts'
import { writeBackRecord } from '../records/write-back.ts'
import type { Database } from '../schema.ts'
import type { Transaction } from '../store.ts'
import { databaseNow } from './connection.ts'
import type { Locks } from './locks.ts'

const now = sql.raw(databaseNow)

/** What is taken in hand is done in that time, or somebody else's again. */
const hand = 30_000_000

/**
 * What several nodes would else do at once. A batch is marked as taken, and rows that another node is just marking are passed over; the mark is a hint that
 * spreads the work: whether something is still to be done is decided under its lock.
 */
export function claimsOf(db: Kysely<Database>, tx: Transaction) {
  return {
    notifications: {
      async take(at, limit) {
        const { rows } = await sql<{ doc: string }>`
          with free as (
            select id from notifications
            where pending_at <= ${toMicroseconds(at)} and (taken_until is null or taken_until <= ${now})
            order by pending_at limit ${limit} for update skip locked
          )
          update notifications set taken_until = ${now} + ${hand} where id in (select id from free) returning doc`.execute(db)
        return rows.map(({ doc }) => fromDocument(notificationRecord, doc))
      },
      async nextDueAt() {
        return soonest(
          await sql<{ at: number | null }>`
          select min(greatest(pending_at, coalesce(taken_until, pending_at))) as at
          from (select pending_at, taken_until from notifications where pending_at is not null order by pending_at limit ${mostTaken}) as next`.execute(
            db,
          ),
        )
      },
    } satisfies Partial<NotificationsTable>,
    inbox: {
      async take(at, limit) {
        const { rows } = await sql<{ id: string }>`
          with free as (
            select id from inbox
            where pending_at <= ${toMicroseconds(at)} and (taken_until is null or taken_until <= ${now})
            order by pending_at, id limit ${limit} for update skip locked
          )
          update inbox set taken_until = ${now} + ${hand} where id in (select id from free) returning id, pending_at`.execute(db)
        const found: InboxRow[] = []
        for (const { id } of rows) {
          const row = await tx.inbox.find(id)
          if (row) found.push(row)
        }
        return found
      },
      async nextDueAt() {
        return soonest(
          await sql<{ at: number | null }>`
          select min(greatest(pending_at, coalesce(taken_until, pending_at))) as at
          from (select pending_at, taken_until from inbox where pending_at is not null order by pending_at limit ${mostTaken}) as next`.execute(
            db,
          ),
        )
      },
    } satisfies Partial<InboxTable>,
    attempts: {
      /** Of nodes that are no more: what a living one has under way is not in doubt. */
      async unfinished(limit) {
        const { rows } = await sql<{ id: string }>`
          select id from attempts where finished_at is null
            and not exists (select 1 from leases where name = 'node:' || attempts.node and expires_at > ${now})
          order by started_at limit ${limit}`.execute(db)
        const found = await Promise.all(rows.map(({ id }) => tx.attempts.find(id)))
        return found.filter((attempt) => attempt !== undefined)
      },
    } satisfies Partial<AttemptsTable>,
  }
}

/** More than all nodes take at once. */
const mostTaken = 1_000

function soonest({ rows }: { readonly rows: readonly { readonly at: number | null }[] }) {
  const at = rows[0]?.at
  return at === null || at === undefined ? undefined : fromMicroseconds(at)
}

/** Of what is looked for in order to be changed. */
export function claimsInHand(db: Kysely<Database>, tx: Transaction, locks: Locks) {
  return {
    writeBacks: {
      /** What another node is just taking is passed over; what it took is no longer due. */
      async due(at, limit) {
        const { rows } = await sql<{ doc: string }>`
          select doc from write_backs
          where pending_at <= ${toMicroseconds(at)} and not exists (
            select 1 from write_backs as older
            where older.appointment_id = write_backs.appointment_id and older.pending_at is not null
              and (older.answered_at, older.id) < (write_backs.answered_at, write_backs.id)
          )
          order by answered_at, id limit ${limit} for update of write_backs skip locked`.execute(db)
        return rows.map(({ doc }) => fromDocument(writeBackRecord, doc))
      },
    } satisfies Partial<WriteBacksTable>,
    attempts: {
      /** Known by a name that says nothing of whose it is: read once to learn that, and again behind the lock. */
      async find(id) {
        const found = await tx.attempts.find(id)
        if (!found) return undefined
        await locks.hold(`connector ${found.notificationId.slice(0, Math.max(0, found.notificationId.indexOf(':')))}`)
        return tx.attempts.find(id)
      },
    } satisfies Partial<AttemptsTable>,
  }
}
