import type { Temporal } from 'temporal-polyfill'
import type { DeliveryAttempt } from '../../../core/delivery.ts'
import type { TimelineLine } from '../../../core/timeline.ts'
import { timelineOf } from '../../../core/timeline.ts'
import type { AuditEntry } from '../../../store/port/audit.ts'
import type { Transaction } from '../../../store/store.ts'
import type { AppointmentExplained } from '../../explain/explain.ts'

/** What staff did about one appointment. */
export type StaffAct = 'to-call.added' | 'to-call.done' | 'to-call.reopened' | 'appointment.released' | 'message.refused'

const staffActs: ReadonlySet<string> = new Set<StaffAct>([
  'to-call.added',
  'to-call.done',
  'to-call.reopened',
  'appointment.released',
  'message.refused',
])

export interface StoryLine {
  readonly at: Temporal.Instant
  readonly ahead: boolean
  /** From the engine's own timeline, or what staff did beside it. */
  readonly line?: TimelineLine
  readonly act?: { readonly name: StaffAct; readonly by: string; readonly detail?: AuditEntry['detail'] }
  /** Of a message: its page was opened. */
  readonly openedAt?: Temporal.Instant
  /** Of a message: its tries, oldest first. */
  readonly attempts: readonly DeliveryAttempt[]
}

/** More than anybody reads. */
const mostActs = 200

/** The engine's timeline, with what staff did and how each message went: oldest first, the future last. */
export async function storyOf(tx: Transaction, explained: AppointmentExplained, now: Temporal.Instant): Promise<readonly StoryLine[]> {
  const { id, zone } = explained.appointment
  const attempts = await tx.attempts.ofAppointment(id)
  const acts = (await tx.audit.of(id, mostActs)).filter(({ action }) => staffActs.has(action))
  return [
    ...timelineOf(explained, { zone, now }).map((line) => {
      const isOfLine = ({ notificationId }: { readonly notificationId: string }) => notificationId === line.explanation?.notificationId
      const openedAt = explained.opened.find(isOfLine)?.at
      return { at: line.at, ahead: line.ahead, line, ...(openedAt && { openedAt }), attempts: attempts.filter(isOfLine) }
    }),
    ...acts.map(({ at, action, actor, detail }) => ({
      at,
      ahead: false,
      act: { name: action as StaffAct, by: actor, ...(detail && { detail }) },
      attempts: [],
    })),
  ].sort((a, b) => Number(a.ahead) - Number(b.ahead) || a.at.epochMilliseconds - b.at.epochMilliseconds)
}
