import type { Channel, Found, FoundMessage } from '../../channels/channel.ts'
import type { DeliveryAttempt } from '../../core/delivery.ts'
import { neverTaken, nextAskAt } from '../../core/in-doubt.ts'
import type { Notification } from '../../core/notification.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { eachAtOnce } from '../intake/at-once.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import { recordNeverTaken, recordReport } from './record-report.ts'

export interface AskingDeps {
  readonly store: Store
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
  readonly log: Log
  /** Called after a commit: what was not sent is due again, or somebody else is to be told. */
  readonly planned: () => void
}

const batch = 20
const atOnce = 4
const longestAskMs = 30_000

/** What an attempt's message is known by is in its words, so that a clock that is off does not hide it. */
const lookBack = { hours: 2 }

/**
 * Asks providers what became of messages of which no report came, or of which nobody knows whether they were taken (R6): found, they are sent;
 * certainly not there, they are sent again where they must arrive, and given up where they are a nudge.
 */
export function createAsking(deps: AskingDeps): Work {
  const { store, clock } = deps
  return {
    name: 'ask-provider',
    async step(signal) {
      const due = await store.read((tx) => tx.attempts.toAsk(clock.now(), batch))
      await eachAtOnce(due, atOnce, signal, (attempt) => ask(deps, attempt, signal))
      return due.length === batch
    },
    nextDueAt: () => store.read((tx) => tx.attempts.nextAskAt()),
  }
}

async function ask(deps: AskingDeps, attempt: DeliveryAttempt, signal: AbortSignal): Promise<void> {
  const { store, channels, log, planned } = deps
  const channel = channels.get(attempt.channel)
  const notification = await store.read((tx) => tx.notifications.find(attempt.notificationId))
  const isOpen = notification?.state === 'sent' || notification?.state === 'in_doubt'
  if (!channel?.find || attempt.to === undefined || !isOpen) return store.transact((tx) => tx.attempts.ask(attempt.id, undefined))
  const { outcome, startedAt, to } = attempt
  const sought = {
    ...(outcome?.kind === 'accepted' && { providerId: outcome.providerId }),
    to,
    since: startedAt.subtract(lookBack),
  }
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestAskMs)])
  const found = await findSafely(deps, channel, sought, bounded)
  // a stop is no answer
  if (signal.aborted) return
  if (found.kind === 'unknown') log.warn('provider_not_asked', { channel: channel.kind, reason: found.reason })
  const state = await store.transact((tx) => conclude(tx, deps, attempt, found))
  if (state !== undefined) log.info('attempt_found_out', { channel: channel.kind, state, ref: attempt.notificationId })
  planned()
}

/** A channel that throws is a bug, and has told nothing. */
async function findSafely(
  { log }: AskingDeps,
  channel: Channel,
  sought: Parameters<NonNullable<Channel['find']>>[0],
  signal: AbortSignal,
): Promise<Found> {
  try {
    return (await channel.find?.(sought, signal)) ?? { kind: 'unknown', reason: 'no_find' }
  } catch (error) {
    log.error('find_failed', { channel: channel.kind, error })
    return { kind: 'unknown', reason: 'channel_failed' }
  }
}

/** The notification's new state; undefined: as it was, and it is asked about again, as long as anybody would care. */
async function conclude(
  tx: Transaction,
  { clock }: AskingDeps,
  attempt: DeliveryAttempt,
  found: Found,
): Promise<Notification['state'] | undefined> {
  const now = clock.now()
  await tx.attempts.ask(attempt.id, nextAskAt(attempt.startedAt, now))
  const before = await tx.notifications.find(attempt.notificationId)
  // its report came while we asked
  if (!before || found.kind === 'unknown') return undefined
  const isNamed = attempt.outcome?.kind === 'accepted'
  const match = isNamed ? (found.messages[0] ?? 'unclear') : await matchIn(tx, found.messages, attempt)
  if (match === 'unclear') return undefined
  if (match === 'absent') {
    if (before.state !== 'in_doubt') return undefined
    const after = neverTaken(before, now)
    await recordNeverTaken(tx, after, attempt, clock)
    return after.state
  }
  const { report } = match
  if (!isNamed) await tx.attempts.finish(attempt.id, { kind: 'accepted', providerId: report.providerId }, now)
  return (await recordReport(tx, { ...report, attemptId: attempt.id }, clock)) ? (await tx.notifications.find(before.id))?.state : undefined
}

const address = /\/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])/g

/**
 * The message of this attempt, or of an earlier one that turned up late: either has told it. Providers do not say what an attempt was called, but each
 * text has a private address of its own (R26), of which we keep the hash and the notification. `unclear`: the words of one are gone, and it may be that one.
 */
async function matchIn(
  tx: Transaction,
  messages: readonly FoundMessage[],
  attempt: DeliveryAttempt,
): Promise<FoundMessage | 'absent' | 'unclear'> {
  for (const message of messages) {
    for (const [, token = ''] of message.text.matchAll(address)) {
      const link = await tx.links.find(sha256(token))
      // the page of a household's text may be another's, who may have had a text of their own at another time
      const isShared = link && attempt.also?.includes(link.notificationId) && link.createdAt.equals(attempt.startedAt)
      if (isShared || link?.notificationId === attempt.notificationId) return message
    }
    // the clinic's own words may leave the address out: the same words to the same number are the same message
    if (!/\{link\d*\}/.test(attempt.text) && message.text === attempt.text) return message
  }
  return messages.some(({ text }) => text === '') ? 'unclear' : 'absent'
}
