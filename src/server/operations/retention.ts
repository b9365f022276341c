import type { Temporal } from 'temporal-polyfill'
import type { Archive } from '../../store/port/archive.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Retention } from '../config/retention.ts'
import type { Work } from '../loop.ts'

export interface RetentionDeps {
  readonly store: Store
  readonly archive: Archive
  readonly clock: Clock
  readonly clinics: readonly string[]
  /** In days. */
  readonly keep: Retention
}

const batch = 100
const every = { hours: 1 }
/** A question is over within days; who asked what is nobody's business after that. */
const questionsFor = 30

/** Forgets what has been kept long enough, a hundred of each kind at a time, so that nothing waits for it (R39). */
export function createRetention(deps: RetentionDeps): Work {
  const { store, clock, keep } = deps
  let lookAt = clock.now()
  const before = (days: number) => clock.now().subtract({ hours: 24 * days })
  return {
    name: 'retention',
    async step(signal) {
      if (lookAt.epochNanoseconds > clock.now().epochNanoseconds) return false
      const counts = [
        await forgetEnvelopes(deps, before(keep.envelopes), signal),
        await forgetAppointments(deps, before(keep.appointments), signal),
        await store.transact((tx) => tx.forgetting.inboundTexts(before(keep.inboundTexts), batch)),
        await store.transact((tx) => tx.forgetting.questions(before(questionsFor), batch)),
        await store.transact((tx) => tx.forgetting.auditDetails(before(keep.auditDetails), batch)),
      ]
      if (counts.some((count) => count >= batch)) return true
      lookAt = clock.now().add(every)
      return false
    },
    nextDueAt: async () => lookAt,
  }
}

/** First out of the archive: a row whose bytes are gone is forgotten the next time, bytes without a row never. */
async function forgetEnvelopes({ store, archive }: RetentionDeps, before: Temporal.Instant, signal: AbortSignal): Promise<number> {
  const rows = await store.read((tx) => tx.forgetting.envelopes(before, batch))
  for (const { id, archived } of rows) {
    if (signal.aborted) return 0
    if (archived) await archive.remove(id)
  }
  await store.transact(async (tx) => {
    for (const { id } of rows) await tx.forgetting.forgetEnvelope(id)
  })
  return rows.length
}

async function forgetAppointments({ store, clinics }: RetentionDeps, before: Temporal.Instant, signal: AbortSignal): Promise<number> {
  let most = 0
  for (const clinicId of clinics) {
    if (signal.aborted) return 0
    const count = await store.transact(async (tx) => {
      const ids = await tx.forgetting.appointments(clinicId, before, batch)
      for (const id of ids) {
        const patientId = await tx.forgetting.forgetAppointment(id)
        if (patientId !== undefined) await tx.forgetting.forgetPatient(patientId)
      }
      return ids.length
    })
    most = Math.max(most, count)
  }
  return most
}
