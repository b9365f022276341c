import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../core/appointment.ts'
import type { ReplyDecision, ReplyKind } from '../core/reply.ts'
import type { Transaction } from '../store/store.ts'
import { replanAppointment } from './intake/apply.ts'

export interface TakenReply {
  readonly kind: ReplyKind
  readonly appointment: Appointment
  readonly decision: ReplyDecision
  /** How it came. */
  readonly by: 'page' | 'sms' | 'desk'
  readonly now: Temporal.Instant
}

/** Writes down what a patient answered, what the EHR is to learn of it, and what they now know (law 4). */
export async function takeReply(tx: Transaction, { kind, appointment, decision, by, now }: TakenReply): Promise<void> {
  const outcome = decision.kind === 'refused' ? decision.reason : decision.kind
  await tx.audit.append({ at: now, actor: 'patient', action: `reply.${kind}`, subject: appointment.id, detail: { outcome, by } })
  if (decision.kind !== 'accepted') return
  for (const writeBack of decision.save) await tx.writeBacks.save(writeBack)
  if (decision.told) await tx.told.save(appointment.id, decision.told)
  await replanAppointment(tx, appointment, now)
}
