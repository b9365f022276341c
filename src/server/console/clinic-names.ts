import type { Store } from '../../store/store.ts'
import type { ClinicName } from './sessions.ts'

/** All that are configured, by the names their settings give them now. */
export function clinicNames(store: Store, clinics: readonly string[]): Promise<readonly ClinicName[]> {
  return store.read((tx) => Promise.all(clinics.map(async (id) => ({ id, name: (await tx.settings.current(id))?.clinic.name ?? id }))))
}
