import { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { WriteBack, WriteBackState } from '../../../core/write-back.ts'
import type { Transaction } from '../../../store/store.ts'
import type { ShownAs } from './page-texts.ts'
import { shownAs } from './page-texts.ts'

const statesOf: Readonly<Record<ShownAs, readonly WriteBackState[]>> = {
  failed: ['failed'],
  diverged: ['acknowledged'],
  waiting: ['queued', 'sending'],
  accepted: ['acknowledged'],
  stale: ['stale'],
  verified: ['verified'],
  withdrawn: ['withdrawn'],
}

/** The EHR took it, and said something else when it was read back: the reason names what. */
export function hasDiverged({ state, reason }: WriteBack): boolean {
  return state === 'acknowledged' && reason !== undefined
}

function isShownAs(writeBack: WriteBack, shown: ShownAs): boolean {
  if (shown === 'diverged') return hasDiverged(writeBack)
  return shown !== 'accepted' || !hasDiverged(writeBack)
}

type Place = Pick<WriteBack, 'id' | 'answeredAt'>

/** Of an EHR that never says back what it took, most are accepted for ever: so many are looked through for one page. */
const mostLooked = 1_000

/** One page of a clinic's answers in one state, the newest first, of all its connectors; `next`: where the page after begins. */
export async function ledgerPage(
  tx: Transaction,
  connectors: readonly ConnectorId[],
  shown: ShownAs,
  { limit, before }: { readonly limit: number; readonly before?: Place | undefined },
): Promise<{ readonly rows: readonly WriteBack[]; readonly next?: Place }> {
  const rows: WriteBack[] = []
  let place = before
  for (let looked = 0; looked < mostLooked; looked += limit) {
    const found = await newestOf(tx, connectors, statesOf[shown], limit, place)
    for (const each of found) {
      if (rows.length === limit) return { rows, ...(place && { next: place }) }
      place = each
      if (isShownAs(each, shown)) rows.push(each)
    }
    if (found.length < limit) return { rows }
  }
  return { rows, ...(place && { next: place }) }
}

/** Each connector and state has an order of its own: so many of each hold the newest of all. */
async function newestOf(
  tx: Transaction,
  connectors: readonly ConnectorId[],
  states: readonly WriteBackState[],
  limit: number,
  before: Place | undefined,
): Promise<readonly WriteBack[]> {
  const found: WriteBack[] = []
  for (const connector of connectors)
    for (const state of states) found.push(...(await tx.writeBacks.inState(connector, state, { limit, ...(before && { before }) })))
  return found.sort(newestFirst).slice(0, limit)
}

function newestFirst(a: WriteBack, b: WriteBack): number {
  return Temporal.Instant.compare(b.answeredAt, a.answeredAt) || (a.id < b.id ? 1 : -1)
}

/** More are not counted. */
export const mostCounted = 100

/** Of each state a person asks for; `mostCounted` at most. */
export async function countsOf(tx: Transaction, connectors: readonly ConnectorId[]): Promise<Readonly<Record<ShownAs, number>>> {
  const counts = { failed: 0, diverged: 0, waiting: 0, accepted: 0, stale: 0, verified: 0, withdrawn: 0 }
  for (const shown of shownAs) {
    const { rows } = await ledgerPage(tx, connectors, shown, { limit: mostCounted })
    counts[shown] = rows.length
  }
  return counts
}
