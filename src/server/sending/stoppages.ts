import { Temporal } from 'temporal-polyfill'
import type { SendOutcome } from '../../core/delivery.ts'
import type { ChannelKind } from '../../core/patient.ts'
import { CHANNEL_STOPPED, type StoppedChannel } from '../../core/stopped-channel.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'

export interface Stoppages {
  /** Undefined: it may be sent now. Where a channel has been stopped, one goes after the wait to see whether it is well again, and the rest wait for that. */
  outcome(
    channel: ChannelKind,
    now: Temporal.Instant,
  ): { readonly kind: 'delayed'; readonly until: Temporal.Instant; readonly reason: typeof CHANNEL_STOPPED } | undefined
  /** What came of a send. */
  heard(channel: ChannelKind, outcome: SendOutcome, now: Temporal.Instant): void
  /** A provider took a message, and said later that our account may not send it. */
  reported(channel: ChannelKind, reason: string, now: Temporal.Instant): void
  /** Undefined: it never stopped, as far as this process knows. */
  stopped(channel: ChannelKind): StoppedChannel | undefined
  /** Somebody does not want to wait: the next one goes, to see. */
  retry(channel: ChannelKind, now: Temporal.Instant): void
}

interface Stoppage {
  readonly since: Temporal.Instant
  readonly reason: string
  readonly stoppedAt: Temporal.Instant
  readonly until: Temporal.Instant
  /** In a row: each wait is longer than the one before. */
  readonly times: number
  /** It took a message since, and the next stop is not the first. */
  readonly isWell: boolean
}

const waits = ['PT1M', 'PT5M', 'PT15M', 'PT30M'].map((text) => Temporal.Duration.from(text))
const longestWait = Temporal.Duration.from('PT30M')
/** The answer to the one that goes is awaited so long. */
const probing = { seconds: 30 }
/** After that much quiet, a stop is the first again. */
const quiet = { hours: 1 }

/**
 * An account that a provider refuses would fail every message alike: the channel stops at the first (R21), is tried again after a while with one
 * message, and what waits keeps its tries. The gauge is an alarm. Kept in memory: after a restart one message finds out anew.
 */
export function createStoppages({ metrics, log }: { readonly metrics: Metrics; readonly log: Log }): Stoppages {
  const stoppages = new Map<ChannelKind, Stoppage>()

  function stop(channel: ChannelKind, reason: string, now: Temporal.Instant): void {
    const before = stoppages.get(channel)
    // several under way at once fail for the one cause
    if (before && !before.isWell && Temporal.Instant.compare(now, before.stoppedAt.add(probing)) < 0) return
    const isInRow = before && Temporal.Instant.compare(now, before.until.add(quiet)) < 0
    const times = isInRow ? before.times + 1 : 1
    const since = isInRow ? before.since : now
    stoppages.set(channel, { since, reason, stoppedAt: now, until: now.add(waits[times - 1] ?? longestWait), times, isWell: false })
    metrics.channelStopped.set({ channel }, 1)
    log.error('channel_stopped', { channel, reason, count: times })
  }

  return {
    outcome(channel, now) {
      const stoppage = stoppages.get(channel)
      if (!stoppage || stoppage.isWell) return undefined
      if (Temporal.Instant.compare(now, stoppage.until) < 0) return { kind: 'delayed', until: stoppage.until, reason: CHANNEL_STOPPED }
      stoppages.set(channel, { ...stoppage, until: now.add(probing) })
      return undefined
    },
    heard(channel, outcome, now) {
      if (outcome.kind === 'deferred' && outcome.account) return stop(channel, outcome.reason, now)
      const stoppage = stoppages.get(channel)
      if (outcome.kind !== 'accepted' || !stoppage || stoppage.isWell) return
      stoppages.set(channel, { ...stoppage, until: now, isWell: true })
      metrics.channelStopped.set({ channel }, 0)
      log.info('channel_well', { channel })
    },
    reported: stop,
    stopped(channel) {
      const stoppage = stoppages.get(channel)
      if (!stoppage) return undefined
      const { since, reason, until, isWell } = stoppage
      return { channel, since, reason, nextTryAt: until, isWell }
    },
    retry(channel, now) {
      const stoppage = stoppages.get(channel)
      if (stoppage && !stoppage.isWell) stoppages.set(channel, { ...stoppage, until: now })
    },
  }
}
