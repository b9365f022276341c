import type { Temporal } from 'temporal-polyfill'
import type { ReadResult } from '../../connectors/connector.ts'
import type { ConnectorId, Envelope } from '../../core/envelope.ts'
import type { Counter } from '../../core/feed/counter.ts'
import { countOn } from '../../core/feed/counter.ts'
import type { Habit } from '../../core/feed/habit.ts'
import { addTo, hourOf, MISSED_TOO_MANY, missedSince } from '../../core/feed/habit.ts'
import type { Sighting, TimeShift } from '../../core/feed/time-shift.ts'
import { findShift, sight } from '../../core/feed/time-shift.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Source } from '../intake/apply.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import type { Metrics } from '../metrics.ts'
import type { ShiftHold } from './kept.ts'
import { findKept, findShiftHold, saveKept, saveShiftHold } from './kept.ts'

export interface FeedDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'zone' | 'clinicId'>>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Pick<Metrics, 'feedMissed' | 'feedSilent' | 'timeShift'>
}

/** How a connector's feed does, for the operator. */
export interface FeedStatus {
  readonly lastAt?: Temporal.Instant
  /** Messages it would usually have brought since. */
  readonly missed: number
  /** So many that something is wrong. */
  readonly silent: boolean
  readonly counters: ReadonlyMap<string, Counter>
  readonly shift?: ShiftHold
}

export interface Feed {
  /** After an envelope is kept: notes when, its number, and where the starts went. Resolves once a hold that it caused is kept. */
  heard(envelope: Envelope, result: ReadResult, sightings: readonly Sighting[]): Promise<void>
  /** Whether the feed speaks as it usually does by now (R37); a connector without habit is believed. */
  isFresh(connectorId: ConnectorId): boolean
  statusOf(connectorId: ConnectorId): Promise<FeedStatus>
  /** What was seen so far has been judged: only what moves from now on counts. */
  forget(connectorId: ConnectorId): void
  /** Keeps what was counted, and looks for silence, once a minute. */
  readonly work: Work
}

/** Of one connector, in memory; what a crash loses of it is a minute's count. Counters are this node's alone: each sender's connection is at one. */
interface Listening {
  lastAt: Temporal.Instant | undefined
  habit: Habit | undefined
  /** Messages of an hour that are not yet in the habit. */
  readonly counted: Map<number, number>
  readonly counters: Map<string, Counter>
  sightings: readonly Sighting[]
  silent: boolean
}

const mostSources = 50
const lookEvery = { seconds: 60 }

/** Listens to how every feed speaks, not to what it says: its habit, its numbers, its clock. */
export function createFeed(deps: FeedDeps): Feed {
  const { store, sources, clock } = deps
  const feeds = new Map<ConnectorId, Listening>()
  let lookAt = clock.now()

  async function load(): Promise<void> {
    for (const id of sources.keys()) {
      const { lastAt, habit, counters } = await store.read((tx) => findKept(tx, id))
      const known = listeningOf(id)
      known.lastAt ??= lastAt
      known.habit = habit
      for (const [source, counter] of counters) if (!known.counters.has(source)) known.counters.set(source, counter)
    }
  }
  let loading: Promise<void> | undefined

  /** Once; a store that was not there is asked again. */
  function loaded(): Promise<void> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }

  function listeningOf(id: ConnectorId): Listening {
    const known = feeds.get(id) ?? {
      lastAt: undefined,
      habit: undefined,
      counted: new Map(),
      counters: new Map(),
      sightings: [],
      silent: false,
    }
    feeds.set(id, known)
    return known
  }

  function missedBy(id: ConnectorId): number {
    const { lastAt, habit } = listeningOf(id)
    const zone = sources.get(id)?.zone
    return lastAt && habit && zone !== undefined ? missedSince(habit, lastAt, clock.now(), zone) : 0
  }

  return {
    async heard({ connectorId, purpose }, { counter }, sightings) {
      if (purpose === 'import') return
      const [feed, now] = [listeningOf(connectorId), clock.now()]
      feed.lastAt = now
      feed.counted.set(hourOf(now), (feed.counted.get(hourOf(now)) ?? 0) + 1)
      if (counter && (feed.counters.has(counter.source) || feed.counters.size < mostSources))
        feed.counters.set(counter.source, countOn(feed.counters.get(counter.source), counter.number, now))
      for (const sighting of sightings) feed.sightings = sight(feed.sightings, sighting)
      if (!sightings.some(({ before, after }) => !before.equals(after))) return
      const shift = findShift(feed.sightings)
      if (shift) await hold(deps, connectorId, shift)
    },
    isFresh: (id) => missedBy(id) < MISSED_TOO_MANY,
    async statusOf(id) {
      await loaded()
      const { lastAt, counters } = listeningOf(id)
      const [missed, shift] = [missedBy(id), await store.read((tx) => findShiftHold(tx, id))]
      return { ...(lastAt && { lastAt }), missed, silent: missed >= MISSED_TOO_MANY, counters, ...(shift && { shift }) }
    },
    forget(id) {
      listeningOf(id).sightings = []
    },
    work: {
      name: 'feed',
      async step() {
        await loaded()
        for (const id of sources.keys()) {
          await share(deps, id, listeningOf(id))
          await look(deps, id, listeningOf(id), missedBy(id))
        }
        lookAt = clock.now().add(lookEvery)
        return false
      },
      nextDueAt: () => Promise.resolve(lookAt),
    },
  }
}

/** Law 4: the hold and its audit together. What a person has released is held again only by a shift of its own. */
async function hold({ store, clock, log }: FeedDeps, connectorId: ConnectorId, shift: TimeShift): Promise<void> {
  const now = clock.now()
  const isNew = await store.transact(async (tx) => {
    if ((await findShiftHold(tx, connectorId))?.state === 'held') return false
    await saveShiftHold(tx, connectorId, { ...shift, state: 'held', since: now }, now)
    const { minutes, moved, seen } = shift
    await tx.audit.append({ at: now, actor: 'feed', action: 'time-shift.held', subject: connectorId, detail: { minutes, moved, seen } })
    return true
  })
  if (isNew) log.error('time_shift', { connector: connectorId, count: shift.moved })
}

async function look({ store, metrics, log }: FeedDeps, id: ConnectorId, feed: Listening, missed: number): Promise<void> {
  const shift = await store.read((tx) => findShiftHold(tx, id))
  const silent = missed >= MISSED_TOO_MANY
  if (silent && !feed.silent) log.warn('feed_silent', { connector: id, count: Math.round(missed) })
  feed.silent = silent
  metrics.feedMissed.set({ connector: id }, missed)
  metrics.feedSilent.set({ connector: id }, silent ? 1 : 0)
  metrics.timeShift.set({ connector: id }, shift?.state === 'held' ? 1 : 0)
}

/** What this node heard is added to what all know, and what the others heard is learnt: a feed whose connection is another node's is not silent. */
async function share({ store, clock }: FeedDeps, id: ConnectorId, feed: Listening): Promise<void> {
  const counted = [...feed.counted]
  const { lastAt, habit } = await (counted.length === 0
    ? store.read((tx) => findKept(tx, id))
    : store.transact(async (tx) => {
        const before = await findKept(tx, id)
        const latest = later(before.lastAt, feed.lastAt)
        const sum = counted.reduce<Habit | undefined>((known, [hour, messages]) => addTo(known, hour, messages), before.habit)
        const all = { ...(latest && { lastAt: latest }), ...(sum && { habit: sum }) }
        await saveKept(tx, id, { ...all, counters: new Map([...before.counters, ...feed.counters]) }, clock.now())
        return all
      }))
  feed.lastAt = later(lastAt, feed.lastAt)
  feed.habit = habit
  for (const [hour, messages] of counted) {
    const left = (feed.counted.get(hour) ?? 0) - messages
    if (left > 0) feed.counted.set(hour, left)
    else feed.counted.delete(hour)
  }
}

function later(one: Temporal.Instant | undefined, other: Temporal.Instant | undefined): Temporal.Instant | undefined {
  if (!one || !other) return one ?? other
  return one.epochMilliseconds >= other.epochMilliseconds ? one : other
}
