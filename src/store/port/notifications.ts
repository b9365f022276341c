import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { NotificationKind } from '../../core/kind.ts'
import type { Notification, NotificationState } from '../../core/notification.ts'

export interface NotificationsTable {
  find(id: string): Promise<Notification | undefined>
  save(notification: Notification): Promise<void>
  /** In no order. */
  ofAppointment(appointmentId: AppointmentId): Promise<readonly Notification[]>
  /** Pending (`planned`, `parked`, `held`) and due at or before `now`, soonest first. */
  due(now: Temporal.Instant, limit: number): Promise<readonly Notification[]>
  /** As `due`, but passes over what another node has taken to send, and takes the rest for half a minute, or until each is saved. */
  take(now: Temporal.Instant, limit: number): Promise<readonly Notification[]>
  /** The soonest due time of what is pending, and in no other node's hand. */
  nextDueAt(): Promise<Temporal.Instant | undefined>
  /**
   * Changes, cancellations and corrections of one clinic planned in that time (from included, until not), whatever became of them, by agenda:
   * absences and the fuse look at it. Counts appointments: an e-mail and a text of one cancellation are one. In no order; `agendaKey` is empty for those without agenda.
   */
  noticesPlanned(
    clinicId: string,
    from: Temporal.Instant,
    until: Temporal.Instant,
  ): Promise<readonly { readonly agendaKey: string; readonly kind: NotificationKind; readonly count: number }[]>
  /** `held` for that reason, of one clinic, soonest start of their appointments first; those without a start come last. */
  heldFor(clinicId: string, reason: string, limit: number): Promise<readonly Notification[]>
  /** Of one clinic in one state, the last changed first; `before` is the last of the page before. */
  inState(
    clinicId: string,
    state: NotificationState,
    page: { readonly limit: number; readonly before?: Pick<Notification, 'id' | 'changedAt'> },
  ): Promise<readonly Notification[]>
}
