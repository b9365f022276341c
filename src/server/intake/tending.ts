import type { Temporal } from 'temporal-polyfill'
import type { Connector, Tended } from '../../connectors/connector.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import type { Metrics } from '../metrics.ts'

export interface TendingDeps {
  readonly connector: Connector
  readonly every: Temporal.Duration
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Something may have been missed: poll. */
  readonly doubted: () => void
}

const longestTend = 2 * 60_000

/** The loop that looks after one EHR's subscription to us (FHIR-SUB-5). */
export function createTending(deps: TendingDeps): Work {
  const { connector, every, clock } = deps
  let dueAt = clock.now()
  return {
    name: `tend ${connector.id}`,
    async step(signal) {
      if (dueAt.epochNanoseconds > clock.now().epochNanoseconds) return false
      const tended = await tendSafely(deps, signal)
      if (signal.aborted) return false
      dueAt = clock.now().add(every)
      report(deps, tended)
      return false
    },
    nextDueAt: async () => dueAt,
  }
}

/** A connector that throws is a bug: it is told, and does not end the loop. */
async function tendSafely({ connector, log }: TendingDeps, signal: AbortSignal): Promise<Tended> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestTend)])
    return (await connector.tend?.(bounded)) ?? { kind: 'well' }
  } catch (error) {
    if (!signal.aborted) log.error('tend_failed', { connector: connector.id, error })
    return { kind: 'trouble', reason: 'internal_error' }
  }
}

function report({ connector, log, metrics, doubted }: TendingDeps, tended: Tended): void {
  metrics.subscription.set({ connector: connector.id }, tended.kind === 'trouble' ? 0 : 1)
  if (tended.kind === 'well') return
  const fields = { connector: connector.id, reason: tended.reason }
  if (tended.kind === 'trouble') log.error('subscription_trouble', fields)
  else log.warn('subscription_revived', fields)
  doubted()
}
