import type { Context } from 'hono'
import type { Settings } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import { diffSettings } from '../../core/settings-diff.ts'
import type { Transaction } from '../../store/store.ts'
import { readClinic, toDocument } from '../config/clinic-document.ts'
import type { Fault } from '../config/faults.ts'
import { sha256 } from '../ids.ts'
import type { Forecaster, Impact } from '../impact/impact.ts'
import type { StaffEnv } from '../routes/route.ts'
import type { SettingsAct } from '../settings/edit-settings.ts'
import type { SaveDeps } from '../settings/save-settings.ts'
import { saveSettings } from '../settings/save-settings.ts'
import { checkTemplates } from '../templates/check.ts'

export interface SavingDeps extends SaveDeps {
  readonly forecaster: Forecaster
  /** Somebody carries texts. */
  readonly hasSms: boolean
  /** What patients' links begin with, without a slash at its end. */
  readonly publicUrl: string
}

export interface Wish {
  /** The settings that were read, and edited. */
  readonly read: Settings
  readonly wanted: (current: Settings) => SettingsDraft
  /** What the form says of the impact its reader has seen. */
  readonly seen: string
  readonly source?: SettingsAct['source']
}

export type Saved =
  | { readonly kind: 'saved'; readonly version: number }
  | { readonly kind: 'unchanged' }
  /** Not settings that can be: each with its place. */
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] }
  /** Somebody would lose their last channel: shown first, saved by the next press. */
  | { readonly kind: 'shown'; readonly impact: Impact; readonly seen: string }
  /** D6: somebody was faster; nothing was taken. */
  | { readonly kind: 'conflict'; readonly current: Settings }
  | { readonly kind: 'refused' }

/** Saves an edit of one form, whole or not at all, after its impact was shown to whoever sends it where that costs somebody their last channel. */
export async function saveForm(deps: SavingDeps, c: Context<StaffEnv>, wish: Wish): Promise<Saved> {
  const { read, wanted, seen, source = 'console' } = wish
  const clinicId = read.clinic.id
  const draft = wanted(read)
  if (diffSettings(read, draft).length === 0) return { kind: 'unchanged' }
  const faults = newFaults(deps, read, draft)
  if (faults.length > 0) return { kind: 'invalid', faults }
  const current = await deps.store.read((tx: Transaction) => tx.settings.current(clinicId))
  if (current && current.version !== read.version) return { kind: 'conflict', current }
  const name = nameOfDraft(read, draft)
  if (seen !== name) {
    const impact = await deps.forecaster.of(read, draft)
    if (impact.losing > 0) return { kind: 'shown', impact, seen: name }
  }
  const acted = await saveSettings(deps, { clinicId, caller: c.get('caller'), from: read.version, source, wanted })
  switch (acted?.kind) {
    case 'changed':
      return { kind: 'saved', version: acted.version }
    case 'unchanged':
      return { kind: 'unchanged' }
    case 'conflict': {
      const newer = await deps.store.read((tx: Transaction) => tx.settings.current(clinicId))
      return newer ? { kind: 'conflict', current: newer } : { kind: 'refused' }
    }
    default:
      return { kind: 'refused' }
  }
}

/** As the document that a person would write: what the configuration would refuse, a form does not bring in. */
export function faultsOf({ hasSms, publicUrl }: Pick<SavingDeps, 'hasSms' | 'publicUrl'>, draft: SettingsDraft): readonly Fault[] {
  const read = readClinic(JSON.stringify(toDocument(draft)), 'json', draft.clinic.id, hasSms)
  return read.ok ? checkTemplates(draft, publicUrl).faults : read.faults
}

/** What was wrong before is not this edit's to mend. */
function newFaults(deps: SavingDeps, read: Settings, draft: SettingsDraft): readonly Fault[] {
  const faults = faultsOf(deps, draft)
  if (faults.length === 0) return faults
  const before = new Set(faultsOf(deps, read).map((fault) => JSON.stringify(fault)))
  return faults.filter((fault) => !before.has(JSON.stringify(fault)))
}

/** Names one edit: whoever has seen the impact of this one has not seen that of another. */
export function nameOfDraft(read: Settings, draft: SettingsDraft): string {
  return sha256(JSON.stringify([read.version, diffSettings(read, draft)])).slice(0, 16)
}
