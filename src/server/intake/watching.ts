import { Temporal } from 'temporal-polyfill'
import type { Connector, Receive } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Loop, startLoop } from '../loop.ts'
import type { LoopBook } from '../loop-book.ts'
import type { Metrics } from '../metrics.ts'
import { heldStore, inOneNode } from '../nodes.ts'
import type { Source } from './apply.ts'
import { createPolling, type Polling } from './polling.ts'
import { createTending } from './tending.ts'

/** How often one EHR is asked, and its subscription looked after. */
export interface Watch {
  readonly pollEvery?: Temporal.Duration
  readonly tendEvery?: Temporal.Duration
}

export interface WatchingDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly watches?: ReadonlyMap<ConnectorId, Watch>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly receive: Receive
  readonly loops?: LoopBook
}

export interface Watching {
  /** Something changed at this EHR that nobody named. */
  poll(id: ConnectorId): void
  /** When the last poll of this EHR that was read to its end began. */
  polledAt(id: ConnectorId): Temporal.Instant | undefined
  /** Resolves once all loops have ended. */
  readonly done: Promise<unknown>
}

const fiveMinutes = Temporal.Duration.from({ minutes: 5 })

/** Starts what each EHR allows, in loops of their own: one that is broken delays no other. The web server should listen by then, for handshakes. */
export function startWatching(deps: WatchingDeps, signal: AbortSignal): Watching {
  const { connectors, sources, watches } = deps
  const polls = new Map<ConnectorId, () => void>()
  const pollings = new Map<ConnectorId, Polling>()
  const loops: Loop[] = []
  for (const [id, connector] of connectors) {
    const { pollEvery = fiveMinutes, tendEvery = fiveMinutes } = watches?.get(id) ?? {}
    const clinicId = sources.get(id)?.clinicId
    if (connector.poll && clinicId !== undefined) {
      const lease = `poll ${id}`
      const polling = createPolling({ ...deps, store: heldStore(deps.store, lease), connector, clinicId, every: pollEvery })
      const loop = startLoop(inOneNode(polling, deps, lease), deps, signal)
      loops.push(loop)
      pollings.set(id, polling)
      polls.set(id, () => {
        polling.ask()
        loop.wake()
      })
    }
    const doubted = () => polls.get(id)?.()
    const tending = () => inOneNode(createTending({ ...deps, connector, every: tendEvery, doubted }), deps)
    if (connector.tend) loops.push(startLoop(tending(), deps, signal))
  }
  return {
    poll: (id) => polls.get(id)?.(),
    polledAt: (id) => pollings.get(id)?.wholeAt(),
    done: Promise.all(loops.map((loop) => loop.done)),
  }
}
