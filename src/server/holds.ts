import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../core/access.ts'
import type { Appointment } from '../core/appointment.ts'
import { releaseHolds, wasToldToAnother } from '../core/relink.ts'
import type { Transaction } from '../store/store.ts'
import { replanAppointment } from './intake/apply.ts'
import { actorOf } from './settings/edit-settings.ts'

/**
 * V2-ID-4: a person looked, and the appointment is as it stands. A patient who was told nothing of it, because somebody else was, is told
 * from the beginning. Undefined: no such appointment; the same holds as before: only the EHR can lift them.
 */
export async function releaseAppointment(
  tx: Transaction,
  id: string,
  caller: Caller,
  now: Temporal.Instant,
): Promise<{ readonly before: Appointment; readonly after: Appointment } | undefined> {
  const before = await tx.appointments.find(id)
  if (!before) return undefined
  const after = releaseHolds(before, now)
  if (after === before) return { before, after }
  await tx.appointments.save(after)
  if (wasToldToAnother(after, await tx.notifications.ofAppointment(id))) await tx.told.forget(id)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'appointment.released',
    subject: id,
    detail: { holds: before.holds.join(' '), left: after.holds.join(' ') },
  })
  await replanAppointment(tx, after, now)
  return { before, after }
}
