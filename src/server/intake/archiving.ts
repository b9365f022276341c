import type { Archive } from '../../store/port/archive.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Work } from '../loop.ts'

const batch = 50
const every = { seconds: 30 }

/** Moves settled envelopes out of the store: first into the archive, then out of here, so that a crash in between loses nothing. */
export function createArchiving({
  store,
  archive,
  clock,
}: {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
}): Work {
  return {
    name: 'archiving',
    async step(signal) {
      const rows = await store.read((tx) => tx.inbox.archivable(batch))
      for (const row of rows) {
        if (signal.aborted) return false
        await archive.put(row.id, row.envelope.body)
        await store.transact((tx) => tx.inbox.dropBody(row.id))
      }
      return rows.length === batch
    },
    nextDueAt: async () => clock.now().add(every),
  }
}
