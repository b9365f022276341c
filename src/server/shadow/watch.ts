import { Temporal } from 'temporal-polyfill'
import type { ShadowOutcome } from '../../core/decision.ts'
import type { Notification } from '../../core/notification.ts'
import type { Watched } from '../../core/rollout-log.ts'
import { comparedAs } from '../../core/rollout-log.ts'
import type { Transaction } from '../../store/store.ts'
import { contactHash } from '../sending/usage.ts'

/** What was watched is compared within weeks; after that it is history that nobody reads. */
export const keptFor = Temporal.Duration.from({ hours: 24 * 90 })

/** Writes down what would have become of a message, to stand beside what the former system did. */
export async function watchSend(
  tx: Transaction,
  notification: Notification,
  outcome: Pick<ShadowOutcome, 'because' | 'until'> & Pick<Watched, 'would'>,
  contact: string | undefined,
  now: Temporal.Instant,
): Promise<void> {
  const { id, clinicId, appointmentId, patientId, agendaKey, channel } = notification
  const kind = comparedAs(notification.kind)
  if (!kind) return
  const { would, because, until: at = now } = outcome
  await tx.shadow.watch({
    notificationId: id,
    clinicId,
    appointmentId,
    patientId,
    ...(agendaKey !== undefined && { agendaKey }),
    kind,
    channel,
    at,
    would,
    ...(because !== undefined && { because }),
    ...(contact !== undefined && { contactHash: contactHash(clinicId, contact) }),
    forgetAt: at.add(keptFor),
  })
}
