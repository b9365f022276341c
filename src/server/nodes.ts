import type { Lease, Presence, Store } from '../store/store.ts'
import { LeaseLost } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Work } from './loop.ts'

/** How soon a node looks again at what another one does: within it, and the lease, a dead one is taken over (R15). */
const lookAgain = { seconds: 10 }

/** The same work, done by one node at a time. Without other nodes nothing is changed. */
export function inOneNode(work: Work, { store, clock }: { readonly store: Store; readonly clock: Clock }, name = work.name): Work {
  const lease = store.cluster?.lease(name)
  if (!lease) return work
  return {
    name: work.name,
    async step(signal) {
      if (!(await lease.hold())) return false
      try {
        return await work.step(signal)
      } catch (error) {
        if (error instanceof LeaseLost) return false
        throw error
      }
    },
    nextDueAt: async () => (lease.isHeld() ? work.nextDueAt() : clock.now().add(lookAgain)),
  }
}

/** The store as the holder of a lease has it: what it writes is refused once another node may hold it. */
export function heldStore(store: Store, name: string): Store {
  const lease = store.cluster?.lease(name)
  return lease ? { ...store, transact: (work) => lease.transact(work) } : store
}

export interface Destinations {
  /** Of those, the ones that this node writes to: at each, one node at a time, so that answers arrive in their order. */
  ours(ids: Iterable<string>): Promise<ReadonlySet<string>>
}

/** Undefined: this process is alone, and writes to all. */
export function destinationsOf({ cluster }: Store): Destinations | undefined {
  if (!cluster) return undefined
  const leases = new Map<string, Lease>()
  return {
    async ours(ids) {
      const ours = new Set<string>()
      for (const id of new Set(ids)) {
        const lease = leases.get(id) ?? cluster.lease(`write-back ${id}`)
        leases.set(id, lease)
        if (await lease.hold()) ours.add(id)
      }
      return ours
    },
  }
}

const alone: Presence = { lasts: () => true }

/** Of this process, from now on; where there are no other nodes nobody takes it for dead. */
export function presenceOf({ cluster }: Store): Presence {
  return cluster?.presence() ?? alone
}
