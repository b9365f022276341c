import type { Rollout } from '../../core/rollout-terms.ts'
import type { Settings } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import { diffSettings } from '../../core/settings-diff.ts'
import type { Transaction } from '../../store/store.ts'
import type { SettingsAct, SettingsActed } from '../settings/edit-settings.ts'
import type { SaveDeps } from '../settings/save-settings.ts'
import { saveSettings } from '../settings/save-settings.ts'

/** The settings with another rollout; null: without one, which is wholly live. */
export function withRollout<S extends SettingsDraft>(
  { rollout: _, ...settings }: S,
  rollout: Rollout | null,
): Omit<S, 'rollout'> & SettingsDraft {
  return { ...settings, ...(rollout && { rollout }) } as Omit<S, 'rollout'> & SettingsDraft
}

export interface RolloutAct extends Pick<SettingsAct, 'clinicId' | 'caller' | 'source'> {
  /** The version that was read. */
  readonly from: number
  readonly rollout: Rollout | null
}

/** One step of going live, or back: a version of the settings like any other. */
export function setRollout(deps: SaveDeps, { rollout, ...act }: RolloutAct): Promise<SettingsActed | undefined> {
  return saveSettings(deps, { ...act, wanted: (current) => withRollout(current, rollout) })
}

/** Steps are few, and soon undone or never. */
const lookedBack = 200

export interface RolloutBefore {
  readonly version: number
  readonly rollout: Rollout | null
}

/** How it was before the last step; undefined: there was none lately. */
export async function rolloutBefore(tx: Transaction, current: Settings): Promise<RolloutBefore | undefined> {
  for (const { version } of await tx.settings.history(current.clinic.id, lookedBack)) {
    if (version >= current.version) continue
    const settings = await tx.settings.at(current.clinic.id, version)
    if (settings && diffSettings(settings, current).some(({ path }) => path[0] === 'rollout'))
      return { version, rollout: settings.rollout ?? null }
  }
  return undefined
}
