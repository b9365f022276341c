import { type Kysely, sql } from 'kysely'
import type { DeliveryAttempt } from '../core/delivery.ts'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { AttemptsTable } from './port/attempts.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { finishedRecord, startedRecord } from './records/attempt.ts'
import type { Database } from './schema.ts'

const columns = ['attempts.doc', 'attempts.outcome'] as const

const find = prepare((db, values: { id: string }) => db.selectFrom('attempts').select(columns).where('id', '=', values.id))

const save = prepareWrite((db, row: Omit<Database['attempts'], 'ask_at'>) =>
  db
    .insertInto('attempts')
    .values({
      id: row.id,
      notification_id: row.notification_id,
      started_at: row.started_at,
      finished_at: row.finished_at,
      doc: row.doc,
      outcome: row.outcome,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        notification_id: eb.ref('excluded.notification_id'),
        started_at: eb.ref('excluded.started_at'),
        finished_at: eb.ref('excluded.finished_at'),
        doc: eb.ref('excluded.doc'),
        outcome: eb.ref('excluded.outcome'),
      })),
    ),
)

const finish = prepare((db, values: { id: string; at: number; outcome: string }) =>
  db.updateTable('attempts').set({ finished_at: values.at, outcome: values.outcome }).where('id', '=', values.id),
)

const unfinished = prepare((db, values: { limit: number }) =>
  db.selectFrom('attempts').select(columns).where('finished_at', 'is', null).orderBy('started_at').limit(values.limit),
)

const ofAppointment = prepare((db, values: { appointmentId: string }) =>
  db
    .selectFrom('notifications')
    .innerJoin('attempts', 'attempts.notification_id', 'notifications.id')
    .select(columns)
    .where('notifications.appointment_id', '=', values.appointmentId)
    .orderBy('attempts.started_at'),
)

const ask = prepare((db, values: { id: string; at: number | null }) =>
  db.updateTable('attempts').set({ ask_at: values.at }).where('id', '=', values.id),
)

const toAsk = prepare((db, values: { now: number; limit: number }) =>
  db.selectFrom('attempts').select(columns).where('ask_at', '<=', values.now).orderBy('ask_at').limit(values.limit),
)

const nextAskAt = prepare((db, _: Record<never, never>) =>
  db.selectFrom('attempts').select('ask_at').where('ask_at', 'is not', null).orderBy('ask_at').limit(sql.lit(1)),
)

export function attemptsTable(db: Kysely<Database>): AttemptsTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && toAttempt(row)
    },
    async save({ outcome, finishedAt, ...started }) {
      await save(db, {
        id: started.id,
        notification_id: started.notificationId,
        started_at: toMicroseconds(started.startedAt),
        finished_at: finishedAt ? toMicroseconds(finishedAt) : null,
        doc: toDocument(startedRecord, started),
        outcome: toDocument(finishedRecord, { ...(outcome && { outcome }), ...(finishedAt && { finishedAt }) }),
      })
    },
    async finish(id, outcome, at) {
      const finished = { id, at: toMicroseconds(at), outcome: toDocument(finishedRecord, { outcome, finishedAt: at }) }
      const { numAffectedRows } = await finish(db, finished)
      if (numAffectedRows !== 1n) throw new Error(`no attempt ${id} to finish`)
    },
    async unfinished(limit) {
      return (await unfinished(db, { limit })).rows.map(toAttempt)
    },
    async ofAppointment(appointmentId) {
      return (await ofAppointment(db, { appointmentId })).rows.map(toAttempt)
    },
    async ask(id, at) {
      await ask(db, { id, at: at ? toMicroseconds(at) : null })
    },
    async toAsk(now, limit) {
      return (await toAsk(db, { now: toMicroseconds(now), limit })).rows.map(toAttempt)
    },
    async nextAskAt() {
      const at = (await nextAskAt(db, {})).rows[0]?.ask_at
      return at === undefined || at === null ? undefined : fromMicroseconds(at)
    },
  }
}

function toAttempt({ doc, outcome }: { readonly doc: string; readonly outcome: string | null }): DeliveryAttempt {
  return { ...fromDocument(startedRecord, doc), ...(outcome !== null && fromDocument(finishedRecord, outcome)) }
}
