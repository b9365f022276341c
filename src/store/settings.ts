import type { Kysely } from 'kysely'
import type { Settings } from '../core/settings.ts'
import { fromDocument, text, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { SettingsTable } from './port/settings.ts'
import { prepare } from './prepare.ts'
import { settingsRecord } from './records/settings.ts'
import type { Database } from './schema.ts'
import type { WriterMemory } from './writer-memory.ts'

const newest = prepare((db, values: { clinicId: string }) =>
  db.selectFrom('settings').select(['version', 'saved_at']).where('clinic_id', '=', values.clinicId).orderBy('version', 'desc').limit(1),
)

const document = prepare((db, values: { clinicId: string; version: number }) =>
  db.selectFrom('settings').select('doc').where('clinic_id', '=', values.clinicId).where('version', '=', values.version),
)

const insert = prepare((db, row: Database['settings']) =>
  db
    .insertInto('settings')
    .values({ clinic_id: row.clinic_id, version: row.version, saved_at: row.saved_at, source: row.source, doc: row.doc })
    .onConflict((conflict) => conflict.doNothing()),
)

const history = prepare((db, values: { clinicId: string; limit: number }) =>
  db
    .selectFrom('settings')
    .select(['version', 'saved_at', 'source'])
    .where('clinic_id', '=', values.clinicId)
    .orderBy('version', 'desc')
    .limit(values.limit),
)

/**
 * The last version read of each clinic: every message asks for it, and reading two hundred agendas takes a millisecond. Which is the last is asked each
 * time, so that no node goes on by what another one has replaced; by its day too, for a version that was undone may be given again.
 * Bounded by the number of clinics.
 */
export type SettingsCache = Map<string, { readonly settings: Settings; readonly savedAt: number }>

export function settingsTable(db: Kysely<Database>, cache: SettingsCache, memory?: Pick<WriterMemory, 'settings'>): SettingsTable {
  function remember(settings: Settings): Settings {
    memory?.settings.set(settings.clinic.id, settings)
    return settings
  }

  return {
    async current(clinicId) {
      const sure = memory?.settings.get(clinicId)
      if (sure) return sure
      const last = (await newest(db, { clinicId })).rows[0]
      if (!last) return undefined
      const known = cache.get(clinicId)
      if (known?.settings.version === last.version && known.savedAt === last.saved_at) return remember(known.settings)
      const row = (await document(db, { clinicId, version: last.version })).rows[0]
      if (!row) return undefined
      const settings = fromDocument(settingsRecord, row.doc)
      cache.set(clinicId, { settings, savedAt: last.saved_at })
      return remember(settings)
    },
    async save(settings, at, source) {
      const { version, clinic } = settings
      const { numAffectedRows } = await insert(db, {
        clinic_id: clinic.id,
        version,
        saved_at: toMicroseconds(at),
        source: source === undefined ? null : toDocument(text, source),
        doc: toDocument(settingsRecord, settings),
      })
      if (numAffectedRows !== 1n) throw new Error(`settings of ${clinic.id} have a version ${version} already`)
      // The same version may have been read before and undone with its transaction.
      cache.delete(clinic.id)
      memory?.settings.delete(clinic.id)
    },
    async at(clinicId, version) {
      const row = (await document(db, { clinicId, version })).rows[0]
      return row && fromDocument(settingsRecord, row.doc)
    },
    async history(clinicId, limit) {
      const { rows } = await history(db, { clinicId, limit })
      return rows.map((row) => ({
        version: row.version,
        at: fromMicroseconds(row.saved_at),
        ...(row.source !== null && { source: fromDocument(text, row.source) }),
      }))
    },
  }
}
