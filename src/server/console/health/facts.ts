import type { Temporal } from 'temporal-polyfill'
import type { InboxState } from '../../../store/port/inbox.ts'
import type { Store } from '../../../store/store.ts'

/** What the page of health shows beside the alarms; nothing of a patient. */
export interface HealthFacts {
  readonly envelopes: Readonly<Partial<Record<InboxState, number>>>
  /** When the next message is, or was, due. */
  readonly sendDueAt?: Temporal.Instant
  readonly writeBackDueAt?: Temporal.Instant
  /** Attempts nobody knows the end of; a hundred at most. */
  readonly inDoubt: number
  readonly settings: readonly { readonly clinic: string; readonly version: number }[]
}

export const most = 100

export async function factsOf(store: Store, clinics: readonly string[]): Promise<HealthFacts> {
  return store.read(async (tx) => {
    const settings = await Promise.all(clinics.map((id) => tx.settings.current(id)))
    const [sendDueAt, writeBackDueAt] = [await tx.notifications.nextDueAt(), await tx.writeBacks.nextDueAt()]
    return {
      envelopes: await tx.inbox.countByState(),
      ...(sendDueAt && { sendDueAt }),
      ...(writeBackDueAt && { writeBackDueAt }),
      inDoubt: (await tx.attempts.unfinished(most)).length,
      settings: settings.flatMap((each) => (each ? [{ clinic: each.clinic.name, version: each.version }] : [])),
    }
  })
}
