import type { Kysely } from 'kysely'
import { isPending } from '../core/notification.ts'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import { prepare } from './prepare.ts'
import { notificationRecord } from './records/notification.ts'
import type { Database } from './schema.ts'
import type { Transaction } from './store.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('notifications').select('doc').where('id', '=', values.id))

const save = prepare((db, row: Database['notifications']) =>
  db
    .insertInto('notifications')
    .values({ id: row.id, appointment_id: row.appointment_id, pending_at: row.pending_at, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        appointment_id: eb.ref('excluded.appointment_id'),
        pending_at: eb.ref('excluded.pending_at'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const ofAppointment = prepare((db, values: { appointmentId: string }) =>
  db.selectFrom('notifications').select('doc').where('appointment_id', '=', values.appointmentId),
)

/** Ordered by the due time alone: a hundred thousand may be due at nine o’clock, and a second column would sort them all at each look. */
const due = prepare((db, values: { now: number; limit: number }) =>
  db.selectFrom('notifications').select('doc').where('pending_at', '<=', values.now).orderBy('pending_at').limit(values.limit),
)

const soonest = prepare((db, _: Record<never, never>) =>
  db
    .selectFrom('notifications')
    .select((eb) => eb.fn.min('pending_at').as('at'))
    .where('pending_at', 'is not', null),
)

export function notificationsTable(db: Kysely<Database>): Transaction['notifications'] {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(notificationRecord, row.doc)
    },
    async save(notification) {
      await save(db, {
        id: notification.id,
        appointment_id: notification.appointmentId,
        pending_at: isPending(notification) ? toMicroseconds(notification.dueAt) : null,
        doc: toDocument(notificationRecord, notification),
      })
    },
    async ofAppointment(appointmentId) {
      const { rows } = await ofAppointment(db, { appointmentId })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    async due(now, limit) {
      const { rows } = await due(db, { now: toMicroseconds(now), limit })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    async nextDueAt() {
      const at = (await soonest(db, {})).rows[0]?.at
      return typeof at === 'number' ? fromMicroseconds(at) : undefined
    },
  }
}
