import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Work } from '../loop.ts'

const batch = 100

/** Deletes lines of the staff's inbox, and with them patients' own words, once their time has come, done or not. */
export function createTidying({ store, clock }: { readonly store: Store; readonly clock: Clock }): Work {
  return {
    name: 'tidying',
    step: async () => (await store.transact((tx) => tx.toDo.forget(clock.now(), batch))) === batch,
    nextDueAt: () => store.read((tx) => tx.toDo.nextForgetAt()),
  }
}
