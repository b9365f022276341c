import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Work } from '../loop.ts'

const batch = 500

/** Deletes what was watched, and what the former system said, once nobody compares it any more. */
export function createShadowForgetting({ store, clock }: { readonly store: Store; readonly clock: Clock }): Work {
  return {
    name: 'shadow-forgetting',
    step: async () => (await store.transact((tx) => tx.shadow.forget(clock.now(), batch))) >= batch,
    nextDueAt: () => store.read((tx) => tx.shadow.nextForgetAt()),
  }
}
