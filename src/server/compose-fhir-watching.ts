import type { Temporal } from 'temporal-polyfill'
import type { FhirPoll, FhirSubscription, Marks } from '../connectors/fhir/watch-options.ts'
import type { ConnectorId } from '../core/envelope.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Config, ConnectorConfig } from './config/config.ts'
import type { Watch } from './intake/watching.ts'

type FhirConfig = Extract<ConnectorConfig, { protocol: 'fhir' }>

const ms = (duration: Temporal.Duration): number => duration.total('milliseconds')

export function pollOf({ poll }: FhirConfig): FhirPoll {
  const { every: _every, horizon, sweepEvery, ...plain } = poll
  return { ...plain, ...(horizon && { horizonMs: ms(horizon) }), ...(sweepEvery && { sweepEveryMs: ms(sweepEvery) }) }
}

/** The EHR is told where to find us by the public address: what stands in front of it must let `/fhir/` through to the EHR's network. */
export function subscriptionOf({ id, subscription, hook }: FhirConfig, publicUrl: string): FhirSubscription | undefined {
  if (!subscription) return undefined
  const { every: _every, heartbeat, timeout, gapWait, ...plain } = subscription
  return {
    ...plain,
    endpoint: [publicUrl, 'fhir', id, ...(hook.pathTokens?.slice(0, 1) ?? [])].join('/'),
    ...(heartbeat && { heartbeatMs: ms(heartbeat) }),
    ...(timeout && { timeoutMs: ms(timeout) }),
    ...(gapWait && { gapWaitMs: ms(gapWait) }),
  }
}

/** What a connector keeps over a restart, among the marks of its own. */
export function marksOf(store: Store, clock: Clock, id: ConnectorId): Marks {
  return {
    find: (name) => store.read((tx) => tx.marks.find(id, name)),
    save: (name, value) => store.transact((tx) => tx.marks.save(id, name, value, clock.now())),
  }
}

export function watchesOf({ connectors }: Config): ReadonlyMap<ConnectorId, Watch> {
  return new Map(
    connectors.flatMap((each) => {
      if (each.protocol !== 'fhir') return []
      return [[each.id, { pollEvery: each.poll.every, ...(each.subscription && { tendEvery: each.subscription.every }) }] as const]
    }),
  )
}
