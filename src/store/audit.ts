import { hash, randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { dictionary, fromDocument, instant, record, scalar, text, toDocument } from './codec.ts'
import type { AuditEntry, AuditFault, AuditLink, AuditSlice, AuditTable } from './port/audit.ts'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'
import type { WriterMemory } from './writer-memory.ts'

type Act = Omit<AuditEntry, 'detail'>

const act = record<Act>({ at: instant, actor: text, action: text, subject: text })
const detail = dictionary(scalar)

const last = prepare((db, _: Record<never, never>) =>
  db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(sql.lit(1)),
)

const insert = prepare((db, row: Database['audit']) =>
  db.insertInto('audit').values({
    seq: row.seq,
    subject: row.subject,
    doc: row.doc,
    detail: row.detail,
    salt: row.salt,
    detail_hash: row.detail_hash,
    hash: row.hash,
  }),
)

const ofSubject = prepare((db, values: { subject: string; limit: number }) =>
  db.selectFrom('audit').select(['doc', 'detail']).where('subject', '=', values.subject).orderBy('seq', 'desc').limit(values.limit),
)

const latest = prepare((db, values: { before: number; limit: number }) =>
  db.selectFrom('audit').select(['seq', 'doc', 'detail']).where('seq', '<', values.before).orderBy('seq', 'desc').limit(values.limit),
)

const page = prepare((db, values: { after: number; limit: number }) =>
  db.selectFrom('audit').selectAll().where('seq', '>', values.after).orderBy('seq').limit(values.limit),
)

const highest = prepare((db, _: Record<never, never>) =>
  db.selectFrom(sql<{ name: string; seq: number }>`sqlite_sequence`.as('given')).select('seq').where('name', '=', 'audit'),
)

/** What the first row is linked to. */
const first: AuditLink = { seq: 0, hash: '0'.repeat(64) }

export type Unlinked = Omit<Database['audit'], keyof AuditLink>

export function auditTable(db: Kysely<Database>, highestGiven: HighestGiven = ofSqlite, memory?: Pick<WriterMemory, 'head'>): AuditTable {
  return {
    async append(entry) {
      const before = memory?.head ?? (await last(db, {})).rows[0] ?? first
      const row = linked(before, unlinked(entry))
      await insert(db, row)
      if (memory) memory.head = { seq: row.seq, hash: row.hash }
    },
    /** Newest first. */
    async of(subject, limit) {
      const { rows } = await ofSubject(db, { subject, limit })
      return rows.map((row) => ({
        ...fromDocument(act, row.doc),
        ...(row.detail !== null && { detail: fromDocument(detail, row.detail) }),
      }))
    },
    async latest(limit, before = Number.MAX_SAFE_INTEGER) {
      const { rows } = await latest(db, { before, limit })
      return rows.map((row) => ({
        seq: row.seq,
        ...fromDocument(act, row.doc),
        ...(row.detail !== null && { detail: fromDocument(detail, row.detail) }),
      }))
    },
    verify: (limit, after) => verifySlice(db, highestGiven, after, limit),
  }
}

/** An act as it lies in its row, before its place in the chain is known. */
export function unlinked(entry: AuditEntry): Unlinked {
  const beside = entry.detail ? seal(toDocument(detail, entry.detail)) : { detail: null, salt: null, detail_hash: null }
  return { subject: entry.subject, doc: toDocument(act, entry), ...beside }
}

/** In its place behind the row before. */
export function linked(before: AuditLink, row: Unlinked): Database['audit'] {
  const seq = before.seq + 1
  return { ...row, seq, hash: chain(before.hash, seq, row.doc, row.detail_hash) }
}

/** Salted, so that a detail that was erased cannot be guessed back from its hash. */
function seal(document: string): Pick<Database['audit'], 'detail' | 'salt' | 'detail_hash'> {
  const salt = randomUUID()
  return { detail: document, salt, detail_hash: sha256(salt + document) }
}

function chain(before: string, seq: number, doc: string, detailHash: string | null): string {
  return sha256([before, seq, doc, detailHash ?? ''].join('\n'))
}

function sha256(data: string): string {
  return hash('sha256', data)
}

const pageSize = 1_000

/** The highest number a row was ever given: rows cut from the end show by it. */
export type HighestGiven = (db: Kysely<Database>) => Promise<number>

/** Walks the whole chain; an erased detail is no fault. Rows cut from the end show by the highest number ever given: SQLite keeps it itself. */
export async function findAuditFaults(db: Kysely<Database>, highestGiven: HighestGiven = ofSqlite): Promise<readonly AuditFault[]> {
  const faults: AuditFault[] = []
  for (let slice = await verifySlice(db, highestGiven, undefined, pageSize); ; ) {
    faults.push(...slice.faults)
    if (slice.done) return faults
    slice = await verifySlice(db, highestGiven, slice.last, pageSize)
  }
}

async function verifySlice(db: Kysely<Database>, highestGiven: HighestGiven, after: AuditLink = first, limit: number): Promise<AuditSlice> {
  const faults: AuditFault[] = []
  const { rows } = await page(db, { after: after.seq, limit })
  let before = after
  for (const row of rows) {
    const fault = faultOf(row, before)
    if (fault) faults.push({ seq: row.seq, fault })
    before = { seq: row.seq, hash: row.hash }
  }
  const of = await highestGiven(db)
  const done = rows.length < limit
  if (done && of > before.seq) faults.push({ seq: before.seq + 1, fault: 'missing' })
  return { faults, last: before, of, done }
}

async function ofSqlite(db: Kysely<Database>): Promise<number> {
  return (await highest(db, {})).rows[0]?.seq ?? 0
}

function faultOf(row: Database['audit'], before: { readonly seq: number; readonly hash: string }): AuditFault['fault'] | undefined {
  if (row.seq !== before.seq + 1) return 'missing'
  if (row.hash !== chain(before.hash, row.seq, row.doc, row.detail_hash)) return 'edited'
  if (row.detail !== null && sha256((row.salt ?? '') + row.detail) !== row.detail_hash) return 'detail edited'
  if (fromDocument(act, row.doc).subject !== row.subject) return 'edited'
  return undefined
}
