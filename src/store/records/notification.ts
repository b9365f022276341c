import type { Decision, DecisionOutcome, GateResult, ShadowOutcome, Verdict } from '../../core/decision.ts'
import type { NotificationKind } from '../../core/kind.ts'
import type { Notification, NotificationState } from '../../core/notification.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Codec } from '../codec.ts'
import { byKind, instant, list, number, oneOf, optional, record, text } from '../codec.ts'

export const channel = oneOf<ChannelKind>({ email: true, sms: true, push: true })

export const kind = oneOf<NotificationKind>({
  confirmation: true,
  reminder: true,
  previsit: true,
  change: true,
  cancellation: true,
  correction: true,
  no_show: true,
  manual: true,
})

const state = oneOf<NotificationState>({
  planned: true,
  parked: true,
  held: true,
  sending: true,
  sent: true,
  delivered: true,
  failed: true,
  suppressed: true,
  shadow: true,
  merged_into: true,
  expired: true,
  withdrawn: true,
  in_doubt: true,
})

const namedGate = record<GateResult>({
  gate: number,
  name: text,
  verdict: oneOf<Verdict>({ yes: true, no: true, na: true, spared: true }),
  saw: text,
  reason: optional(text),
  others: optional(list(text)),
})

/** A decision holds nineteen: as a list of their values they take half the room. Stores of before hold them by name. */
const gate: Codec<GateResult> = {
  encode({ gate, name, verdict, saw, reason, others }) {
    if (others) return [gate, name, verdict, saw, reason ?? null, others]
    return reason === undefined ? [gate, name, verdict, saw] : [gate, name, verdict, saw, reason]
  },
  decode(stored) {
    if (!Array.isArray(stored)) return namedGate.decode(stored)
    const [gate, name, verdict, saw, reason, others] = stored
    return namedGate.decode({ gate, name, verdict, saw, reason: reason ?? undefined, others })
  },
}

const outcome = byKind<DecisionOutcome>({
  send: record({ kind: oneOf({ send: true }) }),
  suppressed: record({ kind: oneOf({ suppressed: true }), reason: text }),
  parked: record({ kind: oneOf({ parked: true }), reason: text }),
  held: record({ kind: oneOf({ held: true }), reason: text }),
  merged: record({ kind: oneOf({ merged: true }), into: text, reason: text }),
  delayed: record({ kind: oneOf({ delayed: true }), until: instant, reason: text }),
  expired: record({ kind: oneOf({ expired: true }), reason: text }),
  withdrawn: record({ kind: oneOf({ withdrawn: true }), reason: text }),
  shadow: record<ShadowOutcome>({
    kind: oneOf({ shadow: true }),
    reason: text,
    would: oneOf<ShadowOutcome['would']>({ send: true, suppressed: true, held: true, delayed: true }),
    because: optional(text),
    until: optional(instant),
  }),
})

const decision = record<Decision>({ kind, channel, at: instant, settingsVersion: number, gates: list(gate), outcome })

export const notificationRecord = record<Notification>({
  id: text,
  clinicId: text,
  appointmentId: text,
  patientId: text,
  kind,
  step: text,
  basis: text,
  channel,
  agendaKey: optional(text),
  state,
  reason: optional(text),
  dueAt: instant,
  notAfter: instant,
  attempts: number,
  decision: optional(decision),
  plannedAt: instant,
  changedAt: instant,
})
