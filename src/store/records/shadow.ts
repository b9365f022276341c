import type { ComparedKind, LogFault, LogFaultReason, LogImport, SaidElsewhere, Watched } from '../../core/rollout-log.ts'
import { instant, list, number, oneOf, optional, record, text } from '../codec.ts'
import { channel } from './notification.ts'

const kind = oneOf<ComparedKind>({ confirmation: true, reminder: true, change: true, cancellation: true, no_show: true })

export const watchedRecord = record<Watched>({
  notificationId: text,
  clinicId: text,
  appointmentId: text,
  patientId: text,
  agendaKey: optional(text),
  kind,
  channel,
  at: instant,
  would: oneOf<Watched['would']>({ send: true, suppressed: true, held: true, delayed: true, merged: true }),
  because: optional(text),
  contactHash: optional(text),
  forgetAt: instant,
})

export const saidRecord = record<SaidElsewhere>({
  id: text,
  clinicId: text,
  importId: text,
  at: instant,
  kind,
  channel,
  outcome: oneOf<SaidElsewhere['outcome']>({ sent: true, failed: true }),
  appointmentId: optional(text),
  patientId: optional(text),
  contactHash: optional(text),
  forgetAt: instant,
})

const fault = record<LogFault>({
  line: number,
  reason: oneOf<LogFaultReason>({
    cells: true,
    when_missing: true,
    when_unreadable: true,
    channel_unknown: true,
    kind_unknown: true,
    outcome_unknown: true,
    nobody: true,
    contact_unreadable: true,
    in_future: true,
  }),
  column: optional(text),
})

export const importRecord = record<LogImport>({
  id: text,
  clinicId: text,
  at: instant,
  by: text,
  taken: number,
  known: number,
  refused: number,
  faults: list(fault),
  forgetAt: instant,
})
