import type { Settings } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import { diffSettings } from '../../core/settings-diff.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import type { Log } from '../log.ts'
import { detailOf } from './edit-settings.ts'

/**
 * The configuration's settings begin a clinic. Later they are taken, as a new version, only when the file's own section has changed since it was
 * last taken: what staff changed in between stays until then. Patients' switches stay always, but for those the file names.
 */
export async function adoptSettings(store: Store, clinics: readonly SettingsDraft[], clock: Clock, log: Log): Promise<void> {
  for (const wanted of clinics) {
    const version = await store.transact((tx) => adopt(tx, wanted, clock))
    if (version !== undefined) log.info('settings_adopted', { clinic: wanted.clinic.id, version })
  }
}

async function adopt(tx: Transaction, wanted: SettingsDraft, clock: Clock): Promise<number | undefined> {
  const { id } = wanted.clinic
  const current = await tx.settings.current(id)
  const before = current && (await lastAdopted(tx, current))
  if (before && isSameSection(before, wanted)) return undefined
  const settings = { ...wanted, patients: { ...current?.patients, ...wanted.patients }, version: (current?.version ?? 0) + 1 }
  const now = clock.now()
  await tx.settings.save(settings, now, `${fromFile}${sha256(canonical(wanted)).slice(0, 32)}`)
  const detail = detailOf(id, settings.version, current ? diffSettings(current, settings) : [])
  await tx.audit.append({ at: now, actor: 'configuration', action: 'settings.adopted', subject: id, detail })
  return settings.version
}

const fromFile = 'configuration:'

/** What the file said when it was last taken. Versions are numbered from one, so the whole history is no longer than the last of them. */
async function lastAdopted(tx: Transaction, { clinic, version }: Settings): Promise<Settings | undefined> {
  const history = await tx.settings.history(clinic.id, version)
  const adopted = history.find(({ source }) => source?.startsWith(fromFile))
  return adopted && tx.settings.at(clinic.id, adopted.version)
}

/** By what it means, not by its text: a setting that a newer program adds with its default is no change. */
function isSameSection(before: SettingsDraft, wanted: SettingsDraft): boolean {
  const { patients } = wanted
  const named = Object.fromEntries(Object.entries(before.patients).filter(([id]) => Object.hasOwn(patients, id)))
  return diffSettings({ ...before, patients: named }, wanted).length === 0
}

/** JSON with its keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) && !('toJSON' in part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
