import type { Temporal } from 'temporal-polyfill'
import type { Decision, Verdict } from './decision.ts'
import type { ExplainContext } from './explain/account.ts'
import { accountOf } from './explain/account.ts'
import { ruleOf, sawOf, titleOf } from './explain/gate-words.ts'
import { sentenceOf } from './explain/sentence.ts'
import type { About, Bilingual } from './explain/words.ts'
import { isNo } from './explain/words.ts'
import type { NotificationKind } from './kind.ts'
import type { Notification, NotificationState } from './notification.ts'
import type { ChannelKind } from './patient.ts'

export interface GateExplained {
  readonly gate: number
  readonly name: string
  readonly title: Bilingual
  readonly verdict: Verdict
  /** As the gate wrote it down, and in words. */
  readonly saw: string
  readonly said: Bilingual
  /** `D10`, `O7`. */
  readonly rule: string
  readonly reason?: string
  /** Beside the reason, whatever else of this gate says no. */
  readonly others?: readonly { readonly reason: string; readonly said: Bilingual }[]
  /** The first that says no: it named the outcome. */
  readonly decided: boolean
}

/** Why one notification was sent, waits, or was not sent, for staff and for machines (D30, rules.md section 6). */
export interface Explanation {
  readonly notificationId: string
  readonly kind: NotificationKind
  readonly channel: ChannelKind
  readonly step: string
  readonly state: NotificationState
  readonly reason?: string
  readonly plannedAt: Temporal.Instant
  readonly dueAt: Temporal.Instant
  readonly notAfter: Temporal.Instant
  readonly changedAt: Temporal.Instant
  /** True of what is still to come: what would be decided at its hour, on what is known now. */
  readonly forecast: boolean
  readonly decidedAt?: Temporal.Instant
  readonly settingsVersion?: number
  readonly gates: readonly GateExplained[]
  readonly sentence: Bilingual
  /** Of one still to come: what would have it sent, tried out on the same function. Of the others: what would have had to be so. */
  readonly wouldNeed: readonly Bilingual[]
}

/** Explains by the decision itself: the one that was taken, or, of what is still to come, the one that would be taken at its hour. */
export function explain(notification: Notification, context: ExplainContext): Explanation {
  const { id, kind, channel, step, plannedAt, dueAt, notAfter, changedAt } = notification
  const { decision, forecast, state, standing, reason, cause, wouldNeed } = accountOf(notification, context)
  const { appointment, settings, now } = context
  const about = { kind, channel, appointment, settings }
  return {
    notificationId: id,
    kind,
    channel,
    step,
    state,
    ...(reason !== undefined && { reason }),
    plannedAt,
    dueAt,
    notAfter,
    changedAt,
    forecast,
    ...(decision && { decidedAt: forecast ? now : decision.at, settingsVersion: decision.settingsVersion }),
    gates: decision ? gatesOf(decision, about) : [],
    // what is held is looked at again and again, and each time due a little later
    sentence: sentenceOf({ about, standing, ...(state !== 'held' && { at: dueAt }), ...(cause && { cause }), now }),
    wouldNeed,
  }
}

function gatesOf({ gates }: Decision, about: About): readonly GateExplained[] {
  const first = gates.findIndex(isNo)
  return gates.map((each, index) => ({
    gate: each.gate,
    name: each.name,
    title: titleOf(each, about),
    verdict: each.verdict,
    saw: each.saw,
    said: sawOf(each, about),
    rule: ruleOf(each),
    ...(each.reason !== undefined && { reason: each.reason }),
    ...(each.others && { others: each.others.map((reason) => ({ reason, said: sawOf({ ...each, reason }, about) })) }),
    decided: index === first,
  }))
}
