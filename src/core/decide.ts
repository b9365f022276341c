import { Temporal } from 'temporal-polyfill'
import type { Decision, DecisionOutcome, GateResult, ShadowOutcome } from './decision.ts'
import type { GateInput } from './gates.ts'
import { evaluateGates } from './gates.ts'
import { HEARD_BEFORE } from './rollout.ts'
import { agendaKeyOf, zoneOf } from './settings.ts'
import { quietAt } from './timing.ts'

/**
 * The one decision, before the send and at it (D9, D28, D30): at `plan`, a rule that says no today only parks the notification,
 * since it is asked again; at `send` its no is final.
 */
export function decide(moment: 'plan' | 'send', input: GateInput): Decision {
  const gates = evaluateGates(input)
  const { kind, channel, now, settings } = input
  return { kind, channel, at: now, settingsVersion: settings.version, gates, outcome: outcomeOf(moment, gates, input) }
}

function outcomeOf(moment: 'plan' | 'send', gates: readonly GateResult[], input: GateInput): DecisionOutcome {
  const first = gates.find((gate) => gate.verdict === 'no')
  if (!first) return { kind: 'send' }
  const reason = first.reason ?? first.name
  if (moment === 'send' && isWatching(first, input)) return watched(reason, outcomeOf(moment, gates.filter(isNotLive), input))
  switch (first.name) {
    case 'hold':
    case 'cap':
    case 'fuse':
    case 'clock':
      return { kind: 'held', reason }
    case 'future':
      return { kind: 'expired', reason }
    case 'merge':
      return { kind: 'merged', into: reason, reason: 'merged' }
    case 'news':
      return { kind: 'withdrawn', reason }
    case 'quiet':
      return reason === 'to_call' ? { kind: 'suppressed', reason } : moment === 'plan' ? { kind: 'send' } : waitForMorning(input, reason)
    default:
      return moment === 'plan' ? { kind: 'parked', reason } : { kind: 'suppressed', reason }
  }
}

const isNotLive = ({ name }: GateResult): boolean => name !== 'live'

/** Gate 0 keeps it back only because this clinic, agenda or patient is not ours yet; an agenda nobody has set is silent (O4). */
function isWatching({ name, reason }: GateResult, { settings, appointment }: GateInput): boolean {
  if (name !== 'live') return false
  if (reason === 'agenda_not_live') return Object.hasOwn(settings.agendas, agendaKeyOf(settings, appointment) ?? '')
  return reason === 'shadow' || reason === 'shadow_percent' || reason === HEARD_BEFORE
}

/** What is no news, or too late, is so in shadow too; all else comes to its end there, so that nothing of it is left when we go live. */
function watched(reason: string, would: DecisionOutcome): DecisionOutcome {
  const base: Pick<ShadowOutcome, 'kind' | 'reason'> = { kind: 'shadow', reason }
  switch (would.kind) {
    case 'send':
      return { ...base, would: 'send' }
    case 'suppressed':
    case 'held':
      return { ...base, would: would.kind, because: would.reason }
    case 'delayed':
      return { ...base, would: 'delayed', because: would.reason, until: would.until }
    default:
      return would
  }
}

function waitForMorning(input: GateInput, reason: string): DecisionOutcome {
  const { settings, appointment, notAfter, now } = input
  const until = quietAt(now, zoneOf(settings, appointment), settings.quietHours)?.until
  if (until === undefined || until > notAfter.epochMilliseconds) return { kind: 'expired', reason }
  return { kind: 'delayed', until: Temporal.Instant.fromEpochMilliseconds(until), reason }
}
