import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { SettingsAct, SettingsActed } from './edit-settings.ts'
import { editSettings } from './edit-settings.ts'

export interface SaveDeps {
  readonly store: Store
  readonly clock: Clock
  /** Called after a commit of new settings: what is ahead is planned again. */
  readonly changed: () => void
}

export type SaveAct = Omit<SettingsAct, 'now' | 'wanted'> & {
  readonly wanted: (current: Parameters<SettingsAct['wanted']>[0], tx: Transaction) => ReturnType<SettingsAct['wanted']>
}

/** One edit of a clinic's settings, committed; what is ahead is then planned by it. */
export async function saveSettings({ store, clock, changed }: SaveDeps, { wanted, ...act }: SaveAct): Promise<SettingsActed | undefined> {
  const acted = await store.transact((tx) => editSettings(tx, { ...act, wanted: (current) => wanted(current, tx), now: clock.now() }))
  if (acted?.kind === 'changed') changed()
  return acted
}
