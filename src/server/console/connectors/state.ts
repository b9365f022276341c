import { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../../connectors/connector.ts'
import type { Caller } from '../../../core/access.ts'
import { mayEnter } from '../../../core/access.ts'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { Habit } from '../../../core/feed/habit.ts'
import type { WriteBack, WriteBackState } from '../../../core/write-back.ts'
import type { Store } from '../../../store/store.ts'
import type { Feed, FeedStatus } from '../../feed/feed.ts'
import { findKept } from '../../feed/kept.ts'
import type { Source } from '../../intake/apply.ts'
import type { ConnectorFacts, Workbench } from '../../mapping/workbench.ts'
import type { Metrics } from '../../metrics.ts'

export interface StateDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly feed: Pick<Feed, 'statusOf'>
  readonly metrics: Pick<Metrics, 'subscription' | 'lastPolled'>
  readonly workbench?: Workbench
}

/** How one connector does. */
export interface ConnectorState {
  readonly id: ConnectorId
  readonly protocol: Connector['protocol']
  readonly clinicId: string
  readonly zone: string
  readonly writes: Connector['writes']
  readonly examines: boolean
  /** Absent where nobody told what the configuration says. */
  readonly facts?: ConnectorFacts
  readonly feed: FeedStatus
  readonly habit?: Habit
  /** Answers on their way, and those a person must see to; a hundred at most of each. */
  readonly waiting: number
  readonly oldestWaitingAt?: Temporal.Instant
  readonly failed: number
  readonly quarantined: number
  /** Absent: it has none of its own. */
  readonly subscription?: boolean
  readonly polledAt?: Temporal.Instant
}

/** Those of the clinics the caller may see, in the order of the configuration. */
export function connectorsOf({ connectors, sources }: StateDeps, caller: Caller): readonly ConnectorId[] {
  return [...connectors.keys()].filter((id) => mayEnter(caller, sources.get(id)?.clinicId ?? ''))
}

/** More are not counted. */
export const most = 100

export async function stateOf(deps: StateDeps, id: ConnectorId): Promise<ConnectorState | undefined> {
  const { store, connectors, sources, feed, metrics, workbench } = deps
  const [connector, source] = [connectors.get(id), sources.get(id)]
  if (!connector || !source) return undefined
  const facts = workbench?.factsOf(id)
  const status = await feed.statusOf(id)
  const [subscription, polled] = [await gaugeOf(metrics.subscription, id), await gaugeOf(metrics.lastPolled, id)]
  return store.read(async (tx) => {
    const inState = (state: WriteBackState) => tx.writeBacks.inState(id, state, { limit: most })
    const waiting = [...(await inState('queued')), ...(await inState('sending'))]
    const oldest = oldestOf(waiting)
    const { habit } = await findKept(tx, id)
    const quarantined = await tx.inbox.quarantined({ limit: most })
    return {
      id,
      protocol: connector.protocol,
      clinicId: source.clinicId,
      zone: source.zone,
      writes: connector.writes,
      examines: connector.examine !== undefined,
      ...(facts && { facts }),
      feed: status,
      ...(habit && { habit }),
      waiting: waiting.length,
      ...(oldest && { oldestWaitingAt: oldest }),
      failed: (await inState('failed')).length,
      quarantined: quarantined.filter(({ envelope }) => envelope.connectorId === id).length,
      ...(subscription !== undefined && { subscription: subscription === 1 }),
      ...(polled !== undefined && { polledAt: Temporal.Instant.fromEpochMilliseconds(polled * 1000) }),
    }
  })
}

function oldestOf(waiting: readonly WriteBack[]): Temporal.Instant | undefined {
  return waiting.map(({ answeredAt }) => answeredAt).sort(Temporal.Instant.compare)[0]
}

async function gaugeOf(gauge: Metrics['subscription'], id: ConnectorId): Promise<number | undefined> {
  const { values } = await gauge.get()
  return values.find(({ labels }) => labels.connector === id)?.value
}

/** Messages an hour by the clock of the place, averaged: working days, and the other two. */
export interface HabitOfDay {
  readonly workingDays: readonly number[]
  readonly weekend: readonly number[]
}

const hourMs = 3_600_000

/** Undefined: too little is known to say what is usual. */
export function habitOfDay(habit: Habit | undefined, zone: string, now: Temporal.Instant): HabitOfDay | undefined {
  if (!habit) return undefined
  const last = Math.floor(now.epochMilliseconds / hourMs)
  if (last - habit.since < 48) return undefined
  const sums = { workingDays: Array<number>(24).fill(0), weekend: Array<number>(24).fill(0) }
  const hours = { workingDays: Array<number>(24).fill(0), weekend: Array<number>(24).fill(0) }
  for (let hour = habit.since + 1; hour < last; hour++) {
    const { dayOfWeek, hour: ofDay } = Temporal.Instant.fromEpochMilliseconds(hour * hourMs).toZonedDateTimeISO(zone)
    const kind = dayOfWeek > 5 ? 'weekend' : 'workingDays'
    sums[kind][ofDay] = (sums[kind][ofDay] ?? 0) + (habit.hours.get(hour) ?? 0)
    hours[kind][ofDay] = (hours[kind][ofDay] ?? 0) + 1
  }
  const mean = (kind: keyof HabitOfDay) => sums[kind].map((sum, hour) => sum / Math.max(1, hours[kind][hour] ?? 0))
  return { workingDays: mean('workingDays'), weekend: mean('weekend') }
}
