import type { SettingsCache } from '../settings.ts'
import type { Cluster } from '../store.ts'
import { LeaseLost } from '../store.ts'
import { databaseNow } from './connection.ts'
import type { PostgresGroups } from './group.ts'
import type { Membership } from './membership.ts'
import type { InHand } from './nouns.ts'
import { nounsInHand } from './nouns.ts'

/** What is to run once in the cluster. */
export function leasesOf(membership: Membership, group: PostgresGroups, settings: SettingsCache): Cluster {
  return {
    lease: (name) => ({
      async hold() {
        return (await membership.claim(name)) !== undefined
      },
      isHeld: () => membership.held(name) !== undefined,
      transact: (work) =>
        group.run(async (hand) => {
          await assertHeld(hand, membership, name)
          return work(nounsInHand(hand, settings))
        }),
    }),
    presence: membership.presence,
    hint: membership.hint,
    onHint: membership.onHint,
  }
}

/** Held fast until the commit: whoever takes the lease over waits for it. */
async function assertHeld({ connection }: InHand, membership: Membership, name: string): Promise<void> {
  const held = membership.held(name)
  const rows =
    held &&
    (await connection.query(
      `select 1 from leases where name = $1 and holder = $2 and fence = $3 and expires_at > ${databaseNow} for share`,
      [name, held.holder, held.fence],
    ))
  if (!rows || rows.length === 0) throw new LeaseLost(`this node has no longer ${name} to itself`)
}
