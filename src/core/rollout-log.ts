import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from './appointment.ts'
import type { ShadowOutcome } from './decision.ts'
import type { NotificationKind } from './kind.ts'
import type { ChannelKind, PatientId } from './patient.ts'

/** What is compared with another system: its reminders have no kinds as fine as ours. */
export type ComparedKind = 'confirmation' | 'reminder' | 'change' | 'cancellation' | 'no_show'

/** A correction is a change to whoever reads it; what a person sent is compared with nothing. */
export function comparedAs(kind: NotificationKind): ComparedKind | undefined {
  switch (kind) {
    case 'reminder':
    case 'previsit':
      return 'reminder'
    case 'change':
    case 'correction':
      return 'change'
    case 'confirmation':
    case 'cancellation':
    case 'no_show':
      return kind
    case 'manual':
      return undefined
    default:
      return kind satisfies never
  }
}

/** One message that was decided while we only watched. */
export interface Watched {
  readonly notificationId: string
  readonly clinicId: string
  readonly appointmentId: AppointmentId
  readonly patientId: PatientId
  readonly agendaKey?: string
  readonly kind: ComparedKind
  readonly channel: ChannelKind
  /** When it would have left, or was kept back. */
  readonly at: Temporal.Instant
  /** `merged`: another's text would have said it too (D29). */
  readonly would: ShadowOutcome['would'] | 'merged'
  /** Why it would not have left. */
  readonly because?: string
  /** Of the clinic; absent where there was no contact. */
  readonly contactHash?: string
  readonly forgetAt: Temporal.Instant
}

/** One message that the clinic's former system says it sent. No contact is kept of it, only its hash. */
export interface SaidElsewhere {
  /** Derived from what it says: the same row of a later file is the same. */
  readonly id: string
  readonly clinicId: string
  readonly importId: string
  readonly at: Temporal.Instant
  readonly kind: ComparedKind
  readonly channel: ChannelKind
  readonly outcome: 'sent' | 'failed'
  readonly appointmentId?: AppointmentId
  readonly patientId?: PatientId
  readonly contactHash?: string
  readonly forgetAt: Temporal.Instant
}

/** One file of the former system's, as it was taken. */
export interface LogImport {
  readonly id: string
  readonly clinicId: string
  readonly at: Temporal.Instant
  readonly by: string
  readonly taken: number
  /** Rows that an earlier file had. */
  readonly known: number
  /** Rows that say too little or are not understood: in quarantine. */
  readonly refused: number
  /** The first of them, by line; no value of a row. */
  readonly faults: readonly LogFault[]
  readonly forgetAt: Temporal.Instant
}

export interface LogFault {
  readonly line: number
  readonly reason: LogFaultReason
  /** The column it is about, as the file calls it. */
  readonly column?: string
}

export type LogFaultReason =
  | 'cells'
  | 'when_missing'
  | 'when_unreadable'
  | 'channel_unknown'
  | 'kind_unknown'
  | 'outcome_unknown'
  | 'nobody'
  | 'contact_unreadable'
  | 'in_future'
