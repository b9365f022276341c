import type { Temporal } from 'temporal-polyfill'
import type { Circumstances } from '../circumstances.ts'
import { decide } from '../decide.ts'
import type { Decision, DecisionOutcome } from '../decision.ts'
import type { GateInput } from '../gates.ts'
import type { Notification, NotificationState } from '../notification.ts'
import { isPending, newsOf } from '../notification.ts'
import type { ChannelKind } from '../patient.ts'
import { REDIRECTED, wasHeardBefore } from '../rollout.ts'
import { needsOf, tryOut } from './need.ts'
import type { Cause } from './reason-words.ts'
import { causeOf, isOutsideGates } from './reason-words.ts'
import type { Standing } from './sentence.ts'
import type { About, Bilingual } from './words.ts'
import { both } from './words.ts'

/** What a decision on the appointment would look at now. */
export interface ExplainContext
  extends Omit<GateInput, 'kind' | 'channel' | 'notAfter' | 'optedOut' | 'twinOfTold' | 'heardBefore' | 'around'> {
  /** Channels whose contact said STOP or opted out. */
  readonly optedOut: ReadonlySet<ChannelKind>
  /** Channels a provider is configured for. */
  readonly channels: ReadonlySet<ChannelKind>
  /** What was sent, spent and held around a notification, by its id. */
  readonly around?: ReadonlyMap<string, Circumstances>
}

/** Where a notification stands and why, before any sentence. */
export interface Account {
  readonly decision?: Decision
  /** The decision is the one that would be taken at its hour, not one that was. */
  readonly forecast: boolean
  readonly state: NotificationState
  readonly standing: Standing
  readonly reason?: string
  readonly cause?: Cause
  readonly wouldNeed: readonly Bilingual[]
}

export function accountOf(notification: Notification, context: ExplainContext): Account {
  return isPending(notification) ? foretell(notification, context) : recall(notification, context)
}

/** What was decided, as it was written down. */
function recall(notification: Notification, { appointment, settings }: ExplainContext): Account {
  const { kind, channel, state, reason, decision } = notification
  const about = { kind, channel, appointment, settings }
  const base = { ...(decision && { decision }), forecast: false, state, standing: standingOf(notification) }
  if (reason === undefined) return isRedirected(notification) ? redirected(base, about) : { ...base, wouldNeed: [] }
  // merged into another, the reason is that other's id
  const cause = causeOf(state === 'merged_into' ? 'merged' : (withheldFor(decision) ?? reason), decision?.gates ?? [], about)
  return { ...base, reason, cause, wouldNeed: hadNeeded(notification, cause, about) }
}

function standingOf({ state, decision }: Notification): Standing {
  return state === 'shadow' && withheldFor(decision) !== undefined ? 'shadow_not' : state
}

/** Of what was only watched: why it would not have left even so. */
function withheldFor(decision: Decision | undefined): string | undefined {
  const outcome = decision?.outcome
  return outcome?.kind === 'shadow' && outcome.would !== 'send' && outcome.would !== 'delayed' ? outcome.because : undefined
}

function isRedirected({ state, decision }: Notification): boolean {
  const hasLeft = state === 'sending' || state === 'sent' || state === 'delivered'
  return hasLeft && decision?.gates.some(({ name, saw }) => name === 'live' && saw === REDIRECTED) === true
}

function redirected(base: Omit<Account, 'wouldNeed'>, about: About): Account {
  const cause = causeOf('redirected', [], about)
  return { ...base, cause, wouldNeed: cause.need ? [cause.need] : [] }
}

function hadNeeded({ state, decision }: Notification, cause: Cause, about: About): readonly Bilingual[] {
  if (cause.need) return [cause.need]
  if (state === 'withdrawn') return [nothing(cause)]
  if (state !== 'suppressed' && state !== 'expired' && state !== 'shadow') return []
  const { needs, never } = decision ? needsOf(decision, about) : { needs: [], never: undefined }
  // it is too late for everything that has expired: what kept it until then is what there is to say
  if (needs.length > 0 && (!never || state === 'expired')) return needs
  return [never ?? nothing(cause)]
}

/** What would be decided at its hour if nothing changed: the same function, on what is known now. */
function foretell(notification: Notification, context: ExplainContext): Account {
  const input = inputOf(notification, context)
  const decision = decide('plan', input)
  const missing = context.channels.has(notification.channel) ? undefined : causeOf('no_channel', [], input)
  const { needs, never } = tryOut(input)
  const wouldNeed = never ? [never] : [...needs, ...(missing?.need ? [missing.need] : [])]
  const base = { decision, forecast: true, wouldNeed }
  const outcome: DecisionOutcome =
    decision.outcome.kind === 'send' && missing ? { kind: 'suppressed', reason: 'no_channel' } : decision.outcome
  if (outcome.kind === 'send') return { ...base, ...awaiting(notification, decision, input) }
  const { reason } = outcome
  const cause = causeOf(reason, decision.gates, input)
  if (outcome.kind === 'held') return { ...base, state: 'held', standing: 'held', reason, cause }
  return { ...base, state: outcome.kind === 'parked' ? 'parked' : 'planned', standing: 'would_not_go', reason, cause }
}

/** It would be sent: at its hour, after the night, or at its next try. */
function awaiting({ state, reason, attempts }: Notification, { gates }: Decision, about: About): Omit<Account, 'forecast' | 'wouldNeed'> {
  const night = gates.find(({ name, verdict }) => name === 'quiet' && verdict === 'no')?.reason
  if (night !== undefined) return said('planned', 'would_wait', night)
  if (reason !== undefined && state === 'held' && isOutsideGates(reason)) return said('held', 'held', reason)
  if (reason !== undefined && (attempts > 0 || reason === 'quiet_hours')) return said('planned', 'put_off', reason)
  return { state: 'planned', standing: 'planned' }

  function said(as: NotificationState, standing: Standing, why: string) {
    return { state: as, standing, reason: why, cause: causeOf(why, gates, about) }
  }
}

function inputOf(notification: Notification, { channels: _, around: arounds, ...context }: ExplainContext): GateInput {
  const { id, kind, channel, notAfter } = notification
  const around = arounds?.get(id)
  return {
    ...context,
    kind,
    channel,
    notAfter,
    optedOut: context.optedOut.has(channel),
    ...(around && { around }),
    twinOfTold: context.told?.by === newsOf(notification),
    heardBefore: wasHeardBefore(notification, context.settings),
    now: askedAt(notification, context.now),
  }
}

/** When what is still to come will be asked again: at its hour, but what is held, at once, since it may be freed at any time. */
export function askedAt({ state, dueAt }: Pick<Notification, 'state' | 'dueAt'>, now: Temporal.Instant): Temporal.Instant {
  return state === 'held' || now.epochMilliseconds >= dueAt.epochMilliseconds ? now : dueAt
}

const nothing = ({ because }: Cause): Bilingual => both(`Rien : ${because.fr}`, `Nothing: ${because.en}`)
