import type { Transaction } from '../../../store/store.ts'
import type { ClinicName } from '../sessions.ts'

/** Whose clock a page of the installation goes by: that of the first clinic one may see. */
export async function zoneOf(tx: Transaction, clinics: readonly ClinicName[]): Promise<string> {
  const [first] = clinics
  return (first && (await tx.settings.current(first.id))?.clinic.zone) ?? 'UTC'
}
