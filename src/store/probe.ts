import type { Kysely } from 'kysely'
import { prepare } from './prepare.ts'
import type { Database } from './schema.ts'

/** What a message takes on disk, or so. */
const probeBytes = 16_384

const write = prepare((db, row: { at: number; body: Uint8Array }) => db.insertInto('probe').values({ at: row.at, body: row.body }))
const erase = prepare((db, _: Record<never, never>) => db.deleteFrom('probe'))

/** Writes as much as a message would take, to see whether it is kept. */
export async function probe(db: Kysely<Database>, at: number): Promise<void> {
  await write(db, { at, body: new Uint8Array(probeBytes) })
}

export async function unprobe(db: Kysely<Database>): Promise<void> {
  await erase(db, {})
}
