import type { AuditFault, AuditLink } from '../../store/port/audit.ts'
import type { Store } from '../../store/store.ts'
import type { Working } from '../job.ts'
import { breathe } from '../job.ts'

/** What a walk over the chain has found (R31). */
export interface Verified {
  readonly looked: number
  readonly of: number
  /** The first ones. */
  readonly faults: readonly AuditFault[]
  readonly faulty: number
}

const slice = 1_000
const mostFaults = 20

/** Walks the whole chain from its beginning, slice by slice, beside the work of the service. */
export async function verifyAudit(store: Store, working: Working<Verified>): Promise<Verified> {
  let found: Verified = { looked: 0, of: 0, faults: [], faulty: 0 }
  let after: AuditLink | undefined
  while (working.isGoing()) {
    const { faults, last, of, done } = await store.read((tx) => tx.audit.verify(slice, after))
    after = last
    found = {
      looked: last.seq,
      of,
      faults: [...found.faults, ...faults].slice(0, mostFaults),
      faulty: found.faulty + faults.length,
    }
    if (done) return found
    working.tell(of === 0 ? 1 : last.seq / of, found)
    await breathe()
  }
  return found
}
