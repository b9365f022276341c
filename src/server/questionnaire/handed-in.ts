import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { AnswerSheet } from '../../core/questionnaire/answer-sheet.ts'
import { keptOnceVerified } from '../../core/questionnaire/draft.ts'
import type { WriteBack } from '../../core/write-back.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Work } from '../loop.ts'

/** What a write-back of answers brings; undefined once newer answers took its place, or the appointment is somebody else's. */
export async function answersOf(
  tx: Transaction,
  { id }: WriteBack,
  appointment: Appointment | undefined,
): Promise<AnswerSheet | undefined> {
  const draft = appointment && (await tx.questionnaireDrafts.find(appointment.id))
  if (draft?.submitted?.writeBackId !== id || appointment?.patientId === undefined) return undefined
  const [owner, writer] = [await tx.patients.survivorOf(appointment.patientId), await tx.patients.survivorOf(draft.patientId)]
  return owner === writer ? draft.submitted.sheet : undefined
}

/** They were seen in the chart: ours is a copy. */
export async function forgetSoon(tx: Transaction, { id, appointmentId }: WriteBack, now: Temporal.Instant): Promise<void> {
  const draft = await tx.questionnaireDrafts.find(appointmentId)
  if (draft?.submitted?.writeBackId === id) await tx.questionnaireDrafts.save({ ...draft, forgetAt: now.add(keptOnceVerified) })
}

const batch = 50
/** What still waits for its EHR is kept so much longer, each time. */
const grace = { hours: 24 }

/** Deletes what patients typed once its time has come; what has still to be brought to the EHR stays until it is. */
export function createForgetting({ store, clock }: { readonly store: Store; readonly clock: Clock }): Work {
  return {
    name: 'forgetting',
    async step() {
      return await store.transact(async (tx) => {
        const now = clock.now()
        const drafts = await tx.questionnaireDrafts.toForget(now, batch)
        for (const draft of drafts) {
          const writeBack = draft.submitted && (await tx.writeBacks.find(draft.submitted.writeBackId))
          const waits = writeBack?.state === 'queued' || writeBack?.state === 'sending'
          if (waits) await tx.questionnaireDrafts.save({ ...draft, forgetAt: now.add(grace) })
          else await tx.questionnaireDrafts.remove(draft.appointmentId)
        }
        return drafts.length === batch
      })
    },
    nextDueAt: () => store.read((tx) => tx.questionnaireDrafts.nextForgetAt()),
  }
}
