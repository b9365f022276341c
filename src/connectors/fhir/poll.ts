import { Temporal } from 'temporal-polyfill'
import type { Fault } from '../../core/envelope.ts'
import type { Connector, Poll, ReadBack } from '../connector.ts'
import { triage } from './client.ts'
import { type Listed, type Page, type PageOptions, readPage } from './page.ts'
import { decodeMark, encodeMark, type PollMark } from './poll-mark.ts'
import { type PollMemory, pollMemory } from './poll-memory.ts'
import { collect, readAppointments, trouble } from './read-back.ts'
import { advance, beginRound, type Round } from './round.ts'
import { changesSince, historySince, startingIn } from './search.ts'
import { type SnapshotOptions, snapshots } from './snapshot.ts'
import { parseInstant } from './time.ts'
import type { FhirPoll } from './watch-options.ts'

export interface PollerOptions extends SnapshotOptions, PageOptions {
  readonly zone: string
  readonly mode: 'lastUpdated' | 'history' | 'window'
  readonly horizonMs: number
  readonly sweepEveryMs: number
  readonly actors: Pick<FhirPoll, 'by' | 'actors'>
}

/** The EHR's clock and ours may differ by this much, and its searches may lag behind. */
const overlap = Temporal.Duration.from({ minutes: 5 })
/** Of `window`: how far ahead each poll looks between two sweeps. */
const near = Temporal.Duration.from({ hours: 48 })
/** An answer older than what was asked for by more than this did not heed the question. */
const tolerance = Temporal.Duration.from({ hours: 25 })
const firstLook = Temporal.Duration.from({ hours: 24 })
const sweepRetry = Temporal.Duration.from({ minutes: 15 })
const pagesAtOnce = 20
const enough = 50
const fullPage = 100
const smallestPage = 10

/** What only this process knows between two polls. */
interface State {
  readonly memory: PollMemory
  pageSize: number
  /** A sweep comes next, or not before that. */
  sweepsNext: boolean
  sweepNotBefore?: Temporal.Instant
}

/** Asks for what changed, a page or so at a time; only what was not seen in this version is read with all that it refers to. */
export function poller(options: PollerOptions): NonNullable<Connector['poll']> {
  const state: State = { memory: pollMemory(), pageSize: fullPage, sweepsNext: false }
  return async (text, signal) => {
    const mark = decodeMark(text)
    const begun = state.memory.resume(text) ?? begin(mark, state, options)
    const pages = await readPages(begun, mark, state, options, signal)
    if (pages.kind === 'stopped') return giveUp(pages.round, pages.problem, state, options)
    const { round, changed } = pages
    const answer = await readListed([...changed.values()], options, signal)
    if (answer.kind !== 'read') return giveUp(begun, answer, state, options)
    const ended = round.page === undefined
    const next = ended ? markAfter(round, mark) : { ...mark, step: round.visited.size }
    state.sweepsNext = ended && round.kind === 'changes' && options.mode === 'lastUpdated' && isSweepDue(next, state, options)
    if (ended) state.pageSize = fullPage
    const encoded = encodeMark(next)
    state.memory.keep(encoded, ended ? undefined : round, changed.values())
    const whole = ended && round.isWhole && round.kind !== 'load' ? round.span : undefined
    return {
      kind: 'read',
      envelopes: round.kind === 'load' ? answer.envelopes.map((each) => ({ ...each, purpose: 'import' })) : answer.envelopes,
      mark: encoded,
      more: !ended || state.sweepsNext,
      ...(whole && { whole: { ...whole, ehrIds: round.named } }),
    }
  }
}

function begin(mark: PollMark, state: State, options: PollerOptions): Round {
  const { mode, now, zone, horizonMs, actors } = options
  const startedAt = now()
  const horizon = Temporal.Duration.from({ milliseconds: horizonMs })
  const ahead = (kind: Round['kind'], length: Temporal.Duration) => {
    const span = { from: startedAt, until: startedAt.add(length) }
    const today = startedAt.toZonedDateTimeISO(zone).startOfDay().toInstant()
    const searches = startingIn(today, span.until, actors, state.pageSize, kind === 'sweep')
    return beginRound(kind, searches, startedAt, span)
  }
  if (!mark.since) return ahead('load', horizon)
  if (mode === 'window') return isSweepDue(mark, state, options) ? ahead('far', horizon) : ahead('near', near)
  if (state.sweepsNext) return ahead('sweep', horizon)
  const since = mark.since.subtract(overlap)
  const search = mode === 'history' ? historySince(since, state.pageSize) : changesSince(since, state.pageSize)
  return beginRound('changes', [search], startedAt)
}

function isSweepDue({ sweptAt }: PollMark, { sweepNotBefore }: State, { mode, sweepEveryMs, now }: PollerOptions): boolean {
  if (sweepEveryMs === 0 || mode === 'history') return false
  const dueAt = sweptAt?.add({ milliseconds: sweepEveryMs })
  return [dueAt, sweepNotBefore].every((at) => !at || Temporal.Instant.compare(at, now()) <= 0)
}

/** What comes again comes from the same page, but where that cannot help: a sweep must not keep changes waiting, and a link runs out. */
function giveUp(
  round: Round,
  problem: Problem | Exclude<ReadBack, { kind: 'read' }>,
  state: State,
  { now }: PollerOptions,
): Exclude<Poll, { kind: 'read' }> {
  state.sweepsNext = false
  if (round.kind === 'sweep' || round.kind === 'far') state.sweepNotBefore = now().add(sweepRetry)
  const isLinkGone = problem.kind === 'failed' && round.visited.size > 0 && triage(problem) !== 'deferred'
  if (round.kind === 'sweep' || round.kind === 'far' || problem.kind === 'refused' || isLinkGone) state.memory.forget()
  if (problem.kind !== 'failed') return problem
  if (!isLinkGone) return trouble(problem)
  // FHIR-PAGE-2: sooner through the pages than the links live
  state.pageSize = Math.max(smallestPage, Math.floor(state.pageSize / 2))
  return { kind: 'deferred', reason: `the next page is gone: ${problem.reason}` }
}

type Problem = Exclude<Page, { kind: 'page' }>

type Pages =
  | { readonly kind: 'read'; readonly round: Round; readonly changed: ReadonlyMap<string, Listed> }
  /** `round`: how far it had come. */
  | { readonly kind: 'stopped'; readonly round: Round; readonly problem: Problem }

/** Page by page until there is enough to work on. */
async function readPages(begun: Round, mark: PollMark, { memory }: State, options: PollerOptions, signal: AbortSignal): Promise<Pages> {
  const changed = new Map<string, Listed>()
  let round = begun
  for (let pages = 0; round.page !== undefined && pages < pagesAtOnce && changed.size < enough; pages++) {
    const page = await readPage(round.page, options, signal)
    if (page.kind !== 'page') return { kind: 'stopped', round, problem: page }
    if (round.kind === 'changes' && mark.since && isDeaf(page.listed, mark.since))
      return { kind: 'stopped', round, problem: { kind: 'refused', fault: deaf(options.mode) } }
    for (const each of page.listed) {
      if (round.kind === 'sweep' || memory.isKnown(each) || isElsewhere(each, round, options.zone)) continue
      if (options.mode === 'history' && round.kind === 'changes' && round.named.has(each.id)) continue
      changed.set(each.id, each)
    }
    round = advance(round, page)
  }
  return { kind: 'read', round, changed }
}

/** A server that does not know `date` answers with all that ever was. */
function isElsewhere({ resource }: Listed, { span }: Round, zone: string): boolean {
  const start = typeof resource?.start === 'string' ? parseInstant(resource.start, zone)?.at : undefined
  if (!start || !span) return false
  return Temporal.Instant.compare(start, span.from.subtract(firstLook)) < 0 || Temporal.Instant.compare(start, span.until) >= 0
}

function isDeaf(listed: readonly Listed[], since: Temporal.Instant): boolean {
  const oldest = since.subtract(overlap).subtract(tolerance)
  return listed.some(({ updatedAt }) => updatedAt && Temporal.Instant.compare(updatedAt, oldest) < 0)
}

function deaf(mode: PollerOptions['mode']): Fault {
  const at = mode === 'history' ? '_since' : '_lastUpdated'
  return { kind: 'content', code: 'not-supported', at, text: `The server searches as if ${at} were not there: set poll.mode to window.` }
}

/** What a search brought stands for itself; what a history only names is read by its id. */
async function readListed(listed: readonly Listed[], options: PollerOptions, signal: AbortSignal): Promise<ReadBack> {
  const take = snapshots(options)
  const whole = listed.flatMap(({ resource }) => (resource ? [resource] : []))
  const named = listed.flatMap(({ id, resource }) => (resource ? [] : [id]))
  const first = await collect(whole, (resource) => take(resource, signal), options)
  if (first.kind !== 'read' || named.length === 0) return first
  const second = await readAppointments(named, options, signal)
  return second.kind === 'read' ? { kind: 'read', envelopes: [...first.envelopes, ...second.envelopes] } : second
}

/**
 * Changes count up to the newest that was met, by the EHR's clock, but never beyond the beginning of the round by ours:
 * what changed while it ran may have been on a page that was read before.
 */
function markAfter({ kind, startedAt, newestAt }: Round, { since, sweptAt }: PollMark): PollMark {
  const met = newestAt && earlier(newestAt, startedAt)
  switch (kind) {
    case 'load':
      return { since: met ?? startedAt.subtract(firstLook), sweptAt: startedAt }
    case 'changes': {
      const until = met && since ? later(met, since) : (since ?? met)
      return { ...(until && { since: until }), ...(sweptAt && { sweptAt }) }
    }
    case 'sweep':
    case 'far':
      return { ...(since && { since }), sweptAt: startedAt }
    case 'near':
      return { ...(since && { since }), ...(sweptAt && { sweptAt }) }
    default:
      return kind satisfies never
  }
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? a : b
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) > 0 ? a : b
}
