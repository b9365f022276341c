import { Temporal } from 'temporal-polyfill'
import type { Connector, Poll, Receive, Whole } from '../../connectors/connector.ts'
import type { Envelope } from '../../core/envelope.ts'
import { type Store, StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import type { Metrics } from '../metrics.ts'
import { eachAtOnce } from './at-once.ts'
import { differencesFrom } from './compare-whole.ts'

export interface PollingDeps {
  readonly connector: Connector
  readonly clinicId: string
  readonly every: Temporal.Duration
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly receive: Receive
}

export interface Polling extends Work {
  /** Something changed that nobody named: polled as soon as may be. The loop must be woken too. */
  ask(): void
  /** When the last one that was read to its end began. */
  wholeAt(): Temporal.Instant | undefined
}

/** The name of the mark in the store. */
const markName = 'poll'

/** However often it is asked for: notifications must not be a way to hammer the EHR (FHIR-SEC-4). */
const shortest = Temporal.Duration.from({ seconds: 2 })

/** Waits after failures in a row, until they are as long as the interval. */
const patience = [15, 30, 60, 120, 300] as const
const longestWait = Temporal.Duration.from({ hours: 1 })
const longestPoll = 10 * 60_000
const commitsAtOnce = 16
const rereadAtOnce = 50
const mostReread = 1_000

type Failed = Exclude<Poll, { kind: 'read' }>

interface State {
  dueAt: Temporal.Instant
  begunAt?: Temporal.Instant
  isAsked: boolean
  failures: number
  /** Named by the EHR, read, and no appointment of ours all the same: not read at every sweep. */
  foreign: ReadonlySet<string>
  /** When the first request began of the pages now being read, and of those read to their end. */
  roundAt?: Temporal.Instant
  wholeAt?: Temporal.Instant
}

/** The loop that asks one EHR what changed: with it every notification could be lost (R4). */
export function createPolling(deps: PollingDeps): Polling {
  const { connector, clock, every } = deps
  const state: State = { dueAt: clock.now(), isAsked: false, failures: 0, foreign: new Set() }

  /** Asking does not shorten the wait of an EHR in trouble. */
  function dueAt(): Temporal.Instant {
    const askedAt = state.isAsked && state.failures === 0 ? state.begunAt?.add(shortest) : undefined
    return askedAt && Temporal.Instant.compare(askedAt, state.dueAt) < 0 ? askedAt : state.dueAt
  }

  async function poll(begunAt: Temporal.Instant, signal: AbortSignal): Promise<boolean> {
    const answer = await pollSafely(deps, state, signal)
    if (answer.kind === 'read') {
      state.failures = 0
      state.roundAt ??= begunAt
      if (!answer.more) {
        state.wholeAt = state.roundAt
        delete state.roundAt
      }
      state.dueAt = answer.more ? begunAt : begunAt.add(every)
      return answer.more
    }
    state.failures += 1
    state.dueAt = clock.now().add(waitAfter(state.failures, answer, every))
    return false
  }

  return {
    name: `poll ${connector.id}`,
    ask() {
      state.isAsked = true
    },
    wholeAt: () => state.wholeAt,
    async step(signal) {
      if (Temporal.Instant.compare(dueAt(), clock.now()) > 0) return false
      const begunAt = clock.now()
      state.begunAt = begunAt
      state.isAsked = false
      try {
        return await poll(begunAt, signal)
      } catch (error) {
        state.isAsked = true
        throw error
      }
    },
    nextDueAt: async () => dueAt(),
  }
}

/** A connector that throws is a bug: it is told, and polled again later. */
async function pollSafely(deps: PollingDeps, state: State, signal: AbortSignal): Promise<Poll> {
  const { connector, clock, log, metrics } = deps
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestPoll)])
  const answer = await pollOnce(deps, state, bounded).catch((error: unknown): Failed => {
    if (error instanceof StoreUnavailable || signal.aborted) throw error
    log.error('poll_failed', { connector: connector.id, error })
    return { kind: 'deferred', reason: bounded.aborted ? 'timeout' : 'internal_error' }
  })
  metrics.polled.inc({ connector: connector.id, outcome: answer.kind })
  if (answer.kind === 'read') metrics.lastPolled.set({ connector: connector.id }, Math.floor(clock.now().epochMilliseconds / 1000))
  if (answer.kind === 'deferred') log.warn('poll_deferred', { connector: connector.id, reason: answer.reason, count: state.failures + 1 })
  if (answer.kind === 'refused') log.error('poll_refused', { connector: connector.id, reason: answer.fault.code, kind: answer.fault.text })
  return answer
}

/** The mark moves once all that was found is durable, and not a moment before. */
async function pollOnce(deps: PollingDeps, state: State, signal: AbortSignal): Promise<Poll> {
  const { connector, store, clock, log } = deps
  const mark = await store.read((tx) => tx.marks.find(connector.id, markName))
  const answer = await connector.poll?.(mark, signal)
  if (!answer) throw new Error(`${connector.id} does not poll`)
  if (answer.kind !== 'read') return answer
  await take(deps, answer.envelopes, signal)
  const failed = answer.whole && (await compare(deps, state, answer.whole, signal))
  if (failed) return failed
  await store.transact((tx) => tx.marks.save(connector.id, markName, answer.mark, clock.now()))
  if (answer.more || answer.envelopes.length > 0) log.info('polled', { connector: connector.id, count: answer.envelopes.length })
  return answer
}

/** What a poll finds and no notification brought before counts as one that was lost. */
async function take({ connector, receive, metrics }: PollingDeps, envelopes: readonly Envelope[], signal: AbortSignal): Promise<void> {
  await eachAtOnce(envelopes, commitsAtOnce, signal, async (envelope) => {
    const receipt = await receive(envelope)
    const isNews = envelope.purpose === undefined && !receipt.duplicate && receipt.disposition === 'applied'
    if (isNews) metrics.foundByPoll.inc({ connector: connector.id })
  })
  signal.throwIfAborted()
}

/** Reads again, by its id, whatever we and the EHR differ on: it may be deleted, moved out of sight, or have escaped us. */
async function compare(deps: PollingDeps, state: State, whole: Whole, signal: AbortSignal): Promise<Failed | undefined> {
  const { connector, store, clinicId, log } = deps
  if (!connector.reread) return undefined
  const { missing, unknown } = await differencesFrom(whole, { store, connectorId: connector.id, clinicId }, signal)
  const wanted = [...missing, ...unknown.filter((id) => !state.foreign.has(id))].slice(0, mostReread)
  if (wanted.length > 0) log.info('sweep_differs', { connector: connector.id, count: wanted.length })
  for (let from = 0; from < wanted.length; from += rereadAtOnce) {
    const answer = await connector.reread(wanted.slice(from, from + rereadAtOnce), signal)
    if (answer.kind !== 'read') return answer
    await take(deps, answer.envelopes, signal)
  }
  const read = new Set(wanted)
  state.foreign = new Set(unknown.filter((id) => read.has(id) || state.foreign.has(id)))
  return undefined
}

/** Ours, growing until the interval; the EHR's own where that is longer, within reason. */
function waitAfter(failures: number, failed: Failed, every: Temporal.Duration): Temporal.Duration {
  const seconds = patience[Math.min(failures, patience.length) - 1] ?? 300
  const ours = shorter(Temporal.Duration.from({ seconds }), every)
  const theirs = failed.kind === 'deferred' && failed.retryAfter ? shorter(failed.retryAfter, longestWait) : ours
  return failed.kind === 'refused' ? every : Temporal.Duration.compare(theirs, ours) > 0 ? theirs : ours
}

function shorter(a: Temporal.Duration, b: Temporal.Duration): Temporal.Duration {
  return Temporal.Duration.compare(a, b) < 0 ? a : b
}
