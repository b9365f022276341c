import { createHash } from 'node:crypto'
import { migrations } from './migrate.ts'
import { findPostgresAuditFaults } from './postgres/audit.ts'
import type { Address, PostgresConnection } from './postgres/connection.ts'
import { connectPostgres, insteadOfNul } from './postgres/connection.ts'
import { migratePostgres } from './postgres/migrate.ts'
import type { Connection } from './sqlite-connection.ts'
import { connect } from './sqlite-connection.ts'

export interface MoveOptions {
  readonly from: { readonly path: string; readonly encryptionKey?: string }
  readonly to: Address
  /** Microseconds since 1970. */
  readonly now: number
  readonly signal: AbortSignal
  /** Of all tables together. */
  readonly progress: (rows: number, of: number) => void
}

export interface Moved {
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[]
}

/** What stands against the move; nothing of the source was changed. */
export class NotMoved extends Error {
  override readonly name = 'NotMoved'
}

/** Filled by migrations, by the service alone, or anew: not moved. */
const left = new Set(['migrations', 'probe'])
const rowsAtOnce = 500
/** A body may have a megabyte. */
const bodiesAtOnce = 20

/**
 * All rows of a store in one file, into an empty database: table by table, each read back and compared by a hash of all its rows, and the audit chain gone
 * through. The file is only read. What was broken off before is begun anew; until it ends well, no service starts on that database.
 */
export async function moveToPostgres({ from, to, now, signal, progress }: MoveOptions): Promise<Moved> {
  const source = await connect({ ...from, readonly: true })
  const target = await connectPostgres(to, 'migrate').catch((error: unknown) => {
    source.close()
    throw error
  })
  try {
    await migratePostgres(target, now, migrations)
    await target.script('set statement_timeout = 0; set lock_timeout = 0')
    // a service that starts meanwhile waits for this one, and finds the database taken
    const begunAt = versionOf(source)
    source.exec('begin')
    assertSameProgram(source)
    const tables = tablesOf(source)
    await prepareTarget(target, tables, now)
    const total = tables.reduce((sum, { name }) => sum + countIn(source, name), 0)
    const moved: { name: string; rows: number; sha256: string }[] = []
    let done = 0
    for (const table of tables) {
      const read = await fill(source, target, table, signal, (rows) => progress(done + rows, total))
      const kept = await digestOf(target, table, signal)
      if (read.rows !== kept.rows || read.sha256 !== kept.sha256)
        throw new NotMoved(`${table.name} is not in the database as it was in the file: ${kept.rows} rows of ${read.rows}`)
      done += read.rows
      moved.push({ name: table.name, ...read })
    }
    await finish(target, tables)
    source.exec('rollback')
    if (versionOf(source) !== begunAt) throw new NotMoved('the store was written to while it was read: stop the service, and begin anew')
    await target.query('update moves set finished_at = $1', [now])
    return { tables: moved }
  } finally {
    source.close()
    await target.close()
  }
}

interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: 'text' | 'bigint' | 'bytea'; readonly key: number }[]
}

/** Another number once somebody else has committed. */
function versionOf(source: Connection): unknown {
  return source.query('pragma data_version')[0]?.data_version
}

function assertSameProgram(source: Connection): void {
  const applied = new Set(source.query('select name from migrations').map(({ name }) => String(name)))
  const same = applied.size === migrations.length && migrations.every(({ name }) => applied.has(name))
  if (!same) throw new NotMoved('the store was last opened by another version of this program: start this one on it once, and stop it')
}

function tablesOf(source: Connection): readonly Table[] {
  const rows = source.query("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
  return rows.map(({ name }) => String(name)).flatMap((name) => (left.has(name) ? [] : [{ name, columns: columnsOf(source, name) }]))
}

const types: Readonly<Record<string, Table['columns'][number]['type']>> = { text: 'text', integer: 'bigint', blob: 'bytea' }

function columnsOf(source: Connection, table: string): Table['columns'] {
  return source.query(`pragma table_info(${table})`).map(({ name, type, pk }) => {
    const known = types[String(type).toLowerCase()]
    if (!known) throw new NotMoved(`${table}.${String(name)} has a type that is not moved: ${String(type)}`)
    return { name: String(name), type: known, key: Number(pk) }
  })
}

function countIn(source: Connection, table: string): number {
  return Number(source.query(`select count(*) as n from ${table}`)[0]?.n)
}

/** A database with rows in it is somebody's, unless they are what a move left that was broken off. */
async function prepareTarget(target: PostgresConnection, tables: readonly Table[], now: number): Promise<void> {
  const [open] = await target.query('select 1 from moves where finished_at is null')
  const names = tables.map(({ name }) => `"${name}"`).join(', ')
  if (!open)
    for (const { name } of tables) {
      const rows = await target.query(`select 1 from "${name}" limit 1`)
      if (rows.length > 0) throw new NotMoved(`the database is not empty: ${name} has rows`)
    }
  await target.script(`begin; truncate ${names}; delete from moves`)
  await target.query('insert into moves (source, started_at) values ($1, $2)', ['sqlite', now])
  for (const { name } of tables) await target.script(`alter table "${name}" disable trigger user`)
  await target.commit()
}

const keysOf = ({ columns }: Table) => columns.filter(({ key }) => key > 0).sort((a, b) => a.key - b.key)

async function fill(
  source: Connection,
  target: PostgresConnection,
  table: Table,
  signal: AbortSignal,
  progress: (rows: number) => void,
): Promise<Digest> {
  const digest = createDigest(table)
  const names = table.columns.map(({ name }) => `"${name}"`)
  const arrays = table.columns.map(({ type }, index) => `$${index + 1}::${type}[]`)
  const insert = `insert into "${table.name}" (${names.join(', ')}) select * from unnest(${arrays.join(', ')})`
  for (const page of pagesOf(source, table)) {
    signal.throwIfAborted()
    for (const row of page) digest.add(row)
    await target.query(
      insert,
      table.columns.map((_, index) => page.map((row) => row[index])),
    )
    progress(digest.rows())
  }
  return digest.end()
}

type Cell = string | number | Uint8Array | null

/** Texts are read as bytes: SQLite gives them only as far as their first NUL. */
function* pagesOf(source: Connection, table: Table): Generator<readonly Cell[][]> {
  const keys = keysOf(table)
  const limit = table.columns.some(({ type }) => type === 'bytea') ? bodiesAtOnce : rowsAtOnce
  const wanted = table.columns.map(({ name, type }) => (type === 'text' ? `cast("${name}" as blob) as "${name}"` : `"${name}"`)).join(', ')
  const order = keys.map(({ name }) => `"${name}"`).join(', ')
  let after: readonly unknown[] | undefined
  for (;;) {
    const behind = after ? `where (${order}) > (${keys.map(({ type }) => (type === 'text' ? 'cast(? as text)' : '?')).join(', ')})` : ''
    const rows = source.query(`select ${wanted} from "${table.name}" ${behind} order by ${order} limit ${limit}`, after ?? [])
    if (rows.length === 0) return
    yield rows.map((row) => table.columns.map(({ name, type }) => cellOf(row[name], type)))
    after = keys.map(({ name }) => asParameter(rows.at(-1)?.[name]))
    if (rows.length < limit) return
  }
}

/** Of a text its bytes. */
function asParameter(value: unknown): unknown {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value
}

const utf8 = new TextDecoder()

function cellOf(value: unknown, type: Table['columns'][number]['type']): Cell {
  if (value === null || value === undefined) return null
  if (type === 'bigint') return Number(value)
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : (value as Uint8Array)
  return type === 'bytea' ? Buffer.from(bytes) : utf8.decode(bytes).replaceAll('\0', insteadOfNul)
}

interface Digest {
  readonly rows: number
  readonly sha256: string
}

/** Of all rows together, whatever their order. */
function createDigest({ columns }: Table) {
  const sum = Buffer.alloc(32)
  let rows = 0
  return {
    add(row: readonly Cell[]) {
      const hash = createHash('sha256')
      for (const [index, cell] of row.entries()) {
        const bytes = cell === null ? undefined : cell instanceof Uint8Array ? cell : Buffer.from(String(cell))
        hash.update(`${columns[index]?.name} ${bytes?.length ?? 'null'}\n`)
        if (bytes) hash.update(bytes)
      }
      const one = hash.digest()
      for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) ^ (one[index] ?? 0)
      rows += 1
    },
    rows: () => rows,
    end: (): Digest => ({ rows, sha256: sum.toString('hex') }),
  }
}

async function digestOf(target: PostgresConnection, table: Table, signal: AbortSignal): Promise<Digest> {
  const digest = createDigest(table)
  const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
  const limit = table.columns.some(({ type }) => type === 'bytea') ? bodiesAtOnce : rowsAtOnce
  await target.script(`begin isolation level repeatable read read only; declare all_rows cursor for select ${names} from "${table.name}"`)
  for (;;) {
    signal.throwIfAborted()
    const rows = await target.script(`fetch ${limit} from all_rows`)
    for (const row of rows) digest.add(table.columns.map(({ name }) => row[name] as Cell))
    if (rows.length < limit) break
  }
  await target.script('commit')
  return digest.end()
}

async function finish(target: PostgresConnection, tables: readonly Table[]): Promise<void> {
  await target.script('begin')
  for (const { name } of tables) await target.script(`alter table "${name}" enable trigger user`)
  await target.script(
    `update audit_head set (seq, hash) = (select seq, hash from audit order by seq desc limit 1) where exists (select 1 from audit)`,
  )
  await target.commit()
  const faults = await findPostgresAuditFaults(target.openScope().db)
  const [first] = faults
  if (first) throw new NotMoved(`the audit chain is not whole from row ${first.seq} on (${first.fault}): was it in the file?`)
  await target.script('analyze')
}
