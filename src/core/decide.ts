import { Temporal } from 'temporal-polyfill'
import type { Decision, DecisionOutcome, GateResult } from './decision.ts'
import type { GateInput } from './gates.ts'
import { evaluateGates } from './gates.ts'
import { zoneOf } from './settings.ts'
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

function waitForMorning(input: GateInput, reason: string): DecisionOutcome {
  const { settings, appointment, notAfter, now } = input
  const until = quietAt(now, zoneOf(settings, appointment), settings.quietHours)?.until
  if (until === undefined || until > notAfter.epochMilliseconds) return { kind: 'expired', reason }
  return { kind: 'delayed', until: Temporal.Instant.fromEpochMilliseconds(until), reason }
}
