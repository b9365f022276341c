import { expect } from 'vitest'
import { minutes } from '../store/samples.ts'
import { type Backlog, inPostgres, inSqlite } from './nodes/backlog.ts'
import { missingPostgres } from './nodes/database.ts'
import { prove } from './proof.ts'

const batch = 100
const looks = 20

/** Milliseconds in which a node takes a hundred that are due: the middle one of twenty. */
async function claimCost({ store, addDue }: Backlog): Promise<number> {
  await addDue(batch * looks)
  const costs: number[] = []
  for (let look = 0; look < looks; look += 1) {
    const begun = performance.now()
    const taken = await store.transact((tx) => tx.notifications.take(minutes(1), batch))
    costs.push(performance.now() - begun)
    expect(taken).toHaveLength(batch)
  }
  return costs.sort((a, b) => a - b)[looks / 2] ?? 0
}

const spell = (count: number) => (count >= 1_000_000 ? `${count / 1_000_000} M` : `${count / 1_000} k`)

/** As much is due each time, and ever more waits. */
async function grow(backlog: Backlog, sizes: readonly number[]) {
  const costs: number[] = []
  for (const size of sizes) {
    await backlog.growTo(size)
    costs.push(await claimCost(backlog))
  }
  const ratio = (costs.at(-1) ?? 0) / (costs[0] ?? 1)
  const said = `${backlog.name} ${sizes.map((size, index) => `${spell(size)}: ${costs[index]?.toFixed(1)} ms`).join(', ')} (× ${ratio.toFixed(1)})`
  return { ratio, said, plan: await backlog.plan() }
}

/** Of one look: what else the machine does shows in so short a time. */
const flat = 3

prove({
  id: 'R5b',
  promise: 'what is due is found at the same cost, however much waits',
  async run(run) {
    const sizes = run.of({ landing: [10_000, 100_000, 1_000_000], long: [10_000, 100_000, 1_000_000, 10_000_000] })
    const grown = [await grow(await inPostgres(), sizes), await grow(await inSqlite(), sizes)]
    for (const { plan } of grown) expect(plan).toMatch(/index (scan )?using notifications_pending|using index notifications_pending/i)
    const figure = `${batch} due are taken: ${grown.map(({ said }) => said).join('; ')}; both by the index of what waits`
    return grown.some(({ ratio }) => ratio > flat) ? { figure, short: `the same cost (${flat} times at most)` } : { figure }
  },
  async control() {
    const backlog = await inPostgres()
    await backlog.dropIndex()
    const { ratio, plan } = await grow(backlog, [10_000, 300_000])
    expect(plan).not.toMatch(/index scan/i)
    expect(ratio).toBeGreaterThan(flat)
    return `without the index of what waits: × ${ratio.toFixed(0)} from 10 k to 300 k`
  },
  missing: missingPostgres,
  timeoutMs: { landing: 600_000, long: 7_200_000 },
})
