import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Unlinked } from '../audit.ts'
import { auditTable, findAuditFaults, linked, unlinked } from '../audit.ts'
import type { AuditFault, AuditTable } from '../port/audit.ts'
import type { Database } from '../schema.ts'
import type { PostgresConnection } from './connection.ts'

/** Acts of a group that have no place in the chain yet. */
export interface AuditBuffer {
  readonly rows: Unlinked[]
  mark(): number
  /** A savepoint was undone, and its acts with it. */
  backTo(mark: number): void
}

export function auditBuffer(): AuditBuffer {
  const rows: Unlinked[] = []
  return { rows, mark: () => rows.length, backTo: (mark) => void rows.splice(mark) }
}

/**
 * The chain is one for all nodes, and its end is held from the moment a row is added until the commit. So a group adds its acts at its very end, all at
 * once: nodes follow each other there for a write and a flush, not for the whole of their work. Whoever looks at the audit in a transaction comes sooner.
 */
export async function writeAudit(connection: Pick<PostgresConnection, 'query'>, { rows }: AuditBuffer): Promise<void> {
  const adding = rows.splice(0)
  if (adding.length === 0) return
  const [head] = await connection.query('select seq, hash from audit_head for update')
  let end = { seq: Number(head?.seq), hash: String(head?.hash) }
  const chained = adding.map((row) => {
    const next = linked(end, row)
    end = next
    return next
  })
  const column = (name: keyof Database['audit']) => chained.map((row) => row[name])
  await connection.query(
    `with head as (update audit_head set seq = $1, hash = $2)
    insert into audit (seq, subject, doc, detail, salt, detail_hash, hash)
    select * from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])`,
    [
      end.seq,
      end.hash,
      column('seq'),
      column('subject').map((subject) => String(subject).replaceAll('\0', '\uFDD0')),
      column('doc'),
      column('detail'),
      column('salt'),
      column('detail_hash'),
      column('hash'),
    ],
  )
}

export function auditInHand(db: Kysely<Database>, buffer: AuditBuffer, connection: PostgresConnection): AuditTable {
  const kept = auditOf(db)
  const after =
    <A extends readonly unknown[], R>(look: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      await writeAudit(connection, buffer)
      return look(...args)
    }
  return {
    ...kept,
    async append(entry) {
      buffer.rows.push(unlinked(entry))
    },
    of: after(kept.of),
    latest: after(kept.latest),
    verify: after(kept.verify),
  }
}

/** The table as it is committed; its head says how far the chain goes. */
export function auditOf(db: Kysely<Database>): AuditTable {
  return auditTable(db, headOf)
}

async function headOf(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from audit_head`.execute(db)
  return rows[0]?.seq ?? 0
}

/** As `findAuditFaults`, of a store in PostgreSQL. */
export function findPostgresAuditFaults(db: Kysely<Database>): Promise<readonly AuditFault[]> {
  return findAuditFaults(db, headOf)
}
