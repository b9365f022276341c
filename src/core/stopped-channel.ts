import type { Temporal } from 'temporal-polyfill'
import type { Notification } from './notification.ts'
import type { ChannelKind } from './patient.ts'

/** The reason of what waits until its provider takes messages again (R21). */
export const CHANNEL_STOPPED = 'channel_stopped'

/** Somebody dropped what waited for it. */
export const STOPPED_DROPPED = 'channel_stopped_dropped'

/** By what the waiting of one stopped channel is found and counted. */
export function stoppedFor(channel: ChannelKind): string {
  return `${CHANNEL_STOPPED} ${channel}`
}

/** For what a notification waits, other than its hour: the reason of a hold, or a stopped channel. */
export function waitsFor({ state, reason, channel }: Pick<Notification, 'state' | 'reason' | 'channel'>): string | undefined {
  if (state === 'held') return reason
  return state === 'planned' && reason === CHANNEL_STOPPED ? stoppedFor(channel) : undefined
}

/** A channel whose provider refuses us, or did a moment ago. */
export interface StoppedChannel {
  readonly channel: ChannelKind
  /** The first of the refusals in a row. */
  readonly since: Temporal.Instant
  /** A code: what it answered. */
  readonly reason: string
  /** One message goes then, to see. */
  readonly nextTryAt: Temporal.Instant
  /** It took one since: what waits follows at its own next look. */
  readonly isWell: boolean
}
