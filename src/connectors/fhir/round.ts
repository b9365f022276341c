import { Temporal } from 'temporal-polyfill'
import type { Listed, Page } from './page.ts'

/** One question to the EHR, however many pages its answer has. */
export interface Round {
  /** `sweep`: which there are, ahead; `near` and `far`: the same with what they say, of two days or to the horizon. */
  readonly kind: 'load' | 'changes' | 'sweep' | 'near' | 'far'
  readonly startedAt: Temporal.Instant
  /** The time its searches are of; absent of `changes`. */
  readonly span?: { readonly from: Temporal.Instant; readonly until: Temporal.Instant }
  /** The page to read; absent: it has ended. */
  readonly page?: string
  /** Searches after the one in hand. */
  readonly rest: readonly string[]
  readonly visited: ReadonlySet<string>
  /** Pages in a row that brought nothing new. */
  readonly empty: number
  readonly named: ReadonlySet<string>
  /** False once a page was left unread: nothing may be concluded from what is not named (FHIR-POLL-3). */
  readonly isWhole: boolean
  /** The newest word met, by the EHR's clock. */
  readonly newestAt?: Temporal.Instant
  /** Named by the search in hand. */
  readonly found: number
}

const maxPages = 1_000

export function beginRound(
  kind: Round['kind'],
  [first, ...rest]: readonly string[],
  startedAt: Temporal.Instant,
  span?: Round['span'],
): Round {
  return {
    kind,
    startedAt,
    ...(span && { span }),
    ...(first !== undefined && { page: first }),
    rest,
    visited: new Set(),
    empty: 0,
    named: new Set(),
    isWhole: true,
    found: 0,
  }
}

/** Follows the next page, never twice to the same one, else the next search (FHIR-PAGE-1). */
export function advance(round: Round, page: Extract<Page, { kind: 'page' }>): Round {
  const { page: read = '', newestAt: before, ...kept } = round
  const visited = new Set(round.visited).add(read)
  const named = new Set([...round.named, ...page.listed.map(({ id }) => id)])
  const empty = named.size === round.named.size ? round.empty + 1 : 0
  const found = round.found + page.listed.length
  const newestAt = newestOf(page.listed, before)
  const next = { ...kept, visited, named, ...(newestAt && { newestAt }) }
  const goesOn = page.next !== undefined && !visited.has(page.next) && visited.size < maxPages && empty < 2
  if (page.next !== undefined && goesOn) return { ...next, page: page.next, empty, found }
  const isWhole = round.isWhole && page.next === undefined && (page.total ?? 0) <= found
  const [search, ...rest] = round.rest
  return { ...next, ...(search !== undefined && { page: search }), rest, empty: 0, found: 0, isWhole }
}

function newestOf(listed: readonly Listed[], before: Temporal.Instant | undefined): Temporal.Instant | undefined {
  const times = [...listed.flatMap(({ updatedAt }) => updatedAt ?? []), ...(before ? [before] : [])]
  return times.sort(Temporal.Instant.compare).at(-1)
}
