import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Settings } from '../../core/settings.ts'

export interface SettingsTable {
  current(clinicId: string): Promise<Settings | undefined>
  /** Refuses a version that exists. `source` names what it came from: `configuration:<hash>`, `api`, `rollback:3`. */
  save(settings: Settings, at: Temporal.Instant, source?: string): Promise<void>
  at(clinicId: string, version: number): Promise<Settings | undefined>
  /** Newest first. */
  history(
    clinicId: string,
    limit: number,
  ): Promise<readonly { readonly version: number; readonly at: Temporal.Instant; readonly source?: string }[]>
}

/** Agendas and motifs the EHR named and nobody has set: silent, and counted (O4). */
export interface UnsetTable {
  count(row: Omit<UnsetKey, 'count' | 'firstSeenAt'>, at: Temporal.Instant): Promise<void>
  /** The most frequent first, a thousand at most. */
  list(clinicId: string): Promise<readonly UnsetKey[]>
}

export interface UnsetKey {
  readonly clinicId: string
  readonly connectorId: ConnectorId
  readonly kind: 'agenda' | 'motif'
  readonly key: string
  readonly text?: string
  readonly count: number
  readonly firstSeenAt: Temporal.Instant
}
