import { Temporal } from 'temporal-polyfill'
import type { Store, Transaction } from '../../store/store.ts'

const batch = 500
const beginning = Temporal.Instant.fromEpochMilliseconds(0)

/**
 * Counts the figures of a clinic again from a day on (since 1970): what each row counts as is worked out anew, batch by batch, and then their sums.
 * What was forgotten meanwhile is counted no more; days before that one keep their figures. Run again after a stop, it comes to the same.
 */
export async function recountFigures(store: Store, clinicId: string, from: number, seen: (rows: number) => void): Promise<number> {
  let rows = 0
  for (let after: string | undefined; ; ) {
    const page = await store.transact((tx) => countPage(tx, clinicId, after))
    rows += page.rows
    seen(rows)
    after = page.last
    if (after === undefined) break
  }
  await store.transact((tx) => tx.statistics.recount(clinicId, from))
  return rows
}

/** Saving a row counts it. */
async function countPage(tx: Transaction, clinicId: string, after: string | undefined) {
  const appointments = await tx.appointments.ahead(clinicId, beginning, after, batch)
  let rows = 0
  for (const appointment of appointments) {
    await tx.appointments.save(appointment)
    const notifications = await tx.notifications.ofAppointment(appointment.id)
    for (const notification of notifications) await tx.notifications.save(notification)
    rows += 1 + notifications.length
  }
  return { rows, last: appointments.length < batch ? undefined : appointments.at(-1)?.id }
}
