import { join } from 'node:path'
import type { Temporal } from 'temporal-polyfill'
import type { Config } from '../config/config.ts'
import { Refusal } from './refusal.ts'

interface Asked {
  /** Where backups are kept. */
  readonly into: string
  readonly now: Temporal.Instant
}

/** A store in PostgreSQL is copied by the database's own tools, which see it as it is at one instant: the lines to run, word for word and without a password. */
export function refuseBackupOf({ store, archive }: Config, { into, now }: Asked): void {
  if (!store.postgres) return
  const folder = join(into, `rappel-${now.toString({ smallestUnit: 'second' }).replaceAll(':', '-')}`)
  const lines = [
    `mkdir -p -m 700 ${quoted(folder)}`,
    `pg_dump --format=custom --file=${quoted(join(folder, 'rappel.dump'))} ${connectionOf(store.postgres.url)}`,
    `cp -a ${quoted(archive.directory)} ${quoted(join(folder, 'archive'))}`,
  ]
  throw new Refusal(
    `a store in PostgreSQL is copied by its own tools, beside the service and in this order (the password in PGPASSWORD or ~/.pgpass):\n\n${sayLines(lines)}
what such a copy does not know by itself when it is restored: docs/operating.md\n`,
  )
}

export function refuseRestoreOf({ store, archive }: Config, from: string): void {
  if (!store.postgres) return
  const lines = [
    `pg_restore --clean --if-exists --single-transaction ${connectionOf(store.postgres.url)} ${quoted(join(from, 'rappel.dump'))}`,
    `cp -a ${quoted(join(from, 'archive'))}/. ${quoted(archive.directory)}/`,
  ]
  throw new Refusal(
    `a store in PostgreSQL is restored by its own tools, with every node stopped (the password in PGPASSWORD or ~/.pgpass):\n\n${sayLines(lines)}
it does not start held: before a node starts, say communications: false of each clinic, and compare with the EHR (docs/operating.md)\n`,
  )
}

function sayLines(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('')
}

function connectionOf(address: string): string {
  const { hostname, port, username, pathname } = new URL(address)
  return [
    `--host=${quoted(hostname.replace(/^\[|\]$/g, ''))}`,
    `--port=${port || '5432'}`,
    ...(username === '' ? [] : [`--username=${quoted(decodeURIComponent(username))}`]),
    `--dbname=${quoted(decodeURIComponent(pathname.slice(1)))}`,
  ].join(' ')
}

/** For a shell: as it stands where it is plain. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
