import type { Kysely } from 'kysely'
import { overlaid } from '../port/lazily.ts'
import type { Database } from '../schema.ts'
import type { SettingsCache } from '../settings.ts'
import type { Transaction } from '../store.ts'
import { tables } from '../tables.ts'
import type { AuditBuffer } from './audit.ts'
import { auditInHand, auditOf } from './audit.ts'
import { claimsInHand, claimsOf } from './claims.ts'
import type { PostgresConnection } from './connection.ts'
import type { Locks } from './locks.ts'
import { withLocks } from './what-is-locked.ts'

/** What one work in a group has. */
export interface InHand {
  readonly db: Kysely<Database>
  readonly connection: PostgresConnection
  readonly locks: Locks
  readonly audit: AuditBuffer
}

/** The nouns as on SQLite, but for what several nodes must not do at once. */
export function nounsInHand({ db, connection, locks, audit }: InHand, settings: SettingsCache): Transaction {
  const read = nounsOf(db, settings)
  const claims = claimsInHand(db, read, locks)
  const inHand = overlaid(read, {
    attempts: () => ({ ...read.attempts, ...claims.attempts }),
    writeBacks: () => ({ ...read.writeBacks, ...claims.writeBacks }),
    settings: () => ({
      ...read.settings,
      async save(settings, at, source) {
        await locks.holdFromTheBeginning(`settings ${settings.clinic.id}`)
        await read.settings.save(settings, at, source)
      },
    }),
    audit: () => auditInHand(db, audit, connection),
  })
  return withLocks(inHand, locks)
}

export function nounsOf(db: Kysely<Database>, settings: SettingsCache): Transaction {
  const same = tables(db, settings)
  const claims = claimsOf(db, same)
  return overlaid(same, {
    audit: () => auditOf(db),
    notifications: () => ({ ...same.notifications, ...claims.notifications }),
    inbox: () => ({ ...same.inbox, ...claims.inbox }),
    attempts: () => ({ ...same.attempts, ...claims.attempts }),
  })
}
