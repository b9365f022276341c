import { hasStore, nameOfStore } from '../config/store.ts'
import { backUp, UnsoundStore } from '../operations/backup.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'
import { refuseBackupOf } from './postgres-tools.ts'
import { Refusal } from './refusal.ts'

const help = `usage: rappel backup --to FOLDER [--without-archive] [--json] [--config FILE]
Copies the store, and the archive of old envelopes, while the service runs, into a folder of its own below FOLDER, whose name it prints. The copy is
looked through (the database's own check, the audit's chain) before it gets its name: what was stopped on the way is no backup, and
rappel restore refuses it; rappel restore --check looks it through again. It is encrypted as the store is, with the same key: keep the key elsewhere.

Of a store in PostgreSQL it says what to run instead: pg_dump, with the database's name, and the copy of the archive.

  --to               where backups are kept; made where it is missing
  --without-archive  the archive is named in the manifest, and not copied: it is backed up by other means
  --json             the manifest, and where it lies

exit status: 0 made and verified · 1 the store is damaged, or the copy failed · 2 wrong configuration or command · 3 there is no store yet
`

const flags = {
  to: { type: 'string' },
  'without-archive': { type: 'boolean' },
  json: { type: 'boolean' },
  config: { type: 'string' },
} as const

export const backup: Command = {
  name: 'backup',
  summary: `rappel backup --to FOLDER [--without-archive] [--config FILE]
                                  copies the store while the service runs, and verifies the copy`,
  help,
  async run(args, { defaultConfig, readConfig, composition, now, stopSignal, print, complain, progress }) {
    const { values } = readArgs(backup, args, flags)
    if (values.to === undefined) throw new Refusal(`--to is needed\n\n${help}`)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    refuseBackupOf(config, { into: values.to, now: now() })
    if (!hasStore(config.store)) {
      complain(`${nameOfStore(config.store)}: there is no store yet\n`)
      return 3
    }
    const bar = progress('archive')
    try {
      const { folder, manifest } = await backUp({
        tools: composition.storeTools(config),
        into: values.to,
        archive: { directory: config.archive.directory, included: !values['without-archive'] },
        encrypted: config.store.key !== undefined,
        now: now(),
        signal: stopSignal(),
        progress: bar.at,
      })
      bar.end()
      const { store, archive, schema, audit } = manifest
      const rest = archive.included ? `${archive.files} of the archive` : 'without the archive'
      if (values.json) print(`${JSON.stringify({ folder, ...manifest }, undefined, 2)}\n`)
      else print(`${folder}\n${store.bytes} bytes, ${rest}, schema ${schema}, audit up to row ${audit.seq}: verified\n`)
      return 0
    } catch (error) {
      bar.end()
      complain(`no backup was made: ${error instanceof UnsoundStore ? error.message : reasonOf(error)}\n`)
      return 1
    }
  },
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed'
  if (error.name === 'AbortError') return 'stopped as asked'
  return 'code' in error ? String(error.code) : error.message
}
