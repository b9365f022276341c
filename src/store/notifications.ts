import type { Kysely } from 'kysely'
import type { NotificationKind } from '../core/kind.ts'
import type { Notification } from '../core/notification.ts'
import { isPending } from '../core/notification.ts'
import { waitsFor } from '../core/stopped-channel.ts'
import { fromDocument, text, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { NotificationsTable } from './port/notifications.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { kind, notificationRecord } from './records/notification.ts'
import type { Database } from './schema.ts'
import { type Counted, countNotification } from './statistics.ts'

const find = prepare((db, values: { id: string }) => db.selectFrom('notifications').select('doc').where('id', '=', values.id))

const save = prepareWrite((db, row: Database['notifications']) =>
  db
    .insertInto('notifications')
    .values({
      id: row.id,
      clinic_id: row.clinic_id,
      appointment_id: row.appointment_id,
      pending_at: row.pending_at,
      notice_at: row.notice_at,
      notice_kind: row.notice_kind,
      agenda_key: row.agenda_key,
      held_for: row.held_for,
      state: row.state,
      changed_at: row.changed_at,
      counted_day: row.counted_day,
      counted_as: row.counted_as,
      counted_agenda: row.counted_agenda,
      counted_motif: row.counted_motif,
      counted_lead: row.counted_lead,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        appointment_id: eb.ref('excluded.appointment_id'),
        pending_at: eb.ref('excluded.pending_at'),
        notice_at: eb.ref('excluded.notice_at'),
        notice_kind: eb.ref('excluded.notice_kind'),
        agenda_key: eb.ref('excluded.agenda_key'),
        held_for: eb.ref('excluded.held_for'),
        state: eb.ref('excluded.state'),
        changed_at: eb.ref('excluded.changed_at'),
        // a report that comes later says what became of it, not on which day it left
        counted_day: eb.fn.coalesce('notifications.counted_day', 'excluded.counted_day'),
        counted_as: eb.ref('excluded.counted_as'),
        counted_agenda: eb.fn.coalesce('notifications.counted_agenda', 'excluded.counted_agenda'),
        counted_motif: eb.fn.coalesce('notifications.counted_motif', 'excluded.counted_motif'),
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

const noticesPlanned = prepare((db, values: { clinicId: string; from: number; until: number }) =>
  db
    .selectFrom('notifications')
    .select((eb) => ['agenda_key', 'notice_kind', eb.fn.count<number>('appointment_id').distinct().as('count')])
    .where('clinic_id', '=', values.clinicId)
    .where('notice_at', '>=', values.from)
    .where('notice_at', '<', values.until)
    .groupBy(['agenda_key', 'notice_kind']),
)

/** The start is the appointment’s own: it may have moved since. What is held is little, and for a person to look at: it is sorted at each look. */
const heldFor = prepare((db, values: { clinicId: string; reason: string; limit: number }) =>
  db
    .selectFrom('notifications')
    .leftJoin('appointments', 'appointments.id', 'notifications.appointment_id')
    .select('notifications.doc')
    .where('notifications.clinic_id', '=', values.clinicId)
    .where('notifications.held_for', '=', values.reason)
    .orderBy('appointments.start_at', (order) => order.asc().nullsLast())
    .orderBy('notifications.id')
    .limit(values.limit),
)

const inState = prepare((db, values: { clinicId: string; state: string; at: number; before: string; limit: number }) =>
  db
    .selectFrom('notifications')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where('state', '=', values.state)
    .where((eb) => eb(eb.refTuple('changed_at', 'id'), '<', eb.tuple(values.at, values.before)))
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(values.limit),
)

export function notificationsTable(db: Kysely<Database>): NotificationsTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && fromDocument(notificationRecord, row.doc)
    },
    async save(notification) {
      await save(db, { ...toColumns(notification), ...(await countNotification(db, notification)) })
    },
    async ofAppointment(appointmentId) {
      const { rows } = await ofAppointment(db, { appointmentId })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    async due(now, limit) {
      const { rows } = await due(db, { now: toMicroseconds(now), limit })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    /** Nobody else is there. */
    async take(now, limit) {
      const { rows } = await due(db, { now: toMicroseconds(now), limit })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    async nextDueAt() {
      const at = (await soonest(db, {})).rows[0]?.at
      return typeof at === 'number' ? fromMicroseconds(at) : undefined
    },
    async noticesPlanned(clinicId, from, until) {
      const { rows } = await noticesPlanned(db, { clinicId, from: toMicroseconds(from), until: toMicroseconds(until) })
      return rows.map((row) => ({
        agendaKey: row.agenda_key === null ? '' : fromDocument(text, row.agenda_key),
        kind: kind.decode(row.notice_kind),
        count: row.count,
      }))
    },
    async heldFor(clinicId, reason, limit) {
      const { rows } = await heldFor(db, { clinicId, reason, limit })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
    async inState(clinicId, state, { limit, before }) {
      const end = before ? { at: toMicroseconds(before.changedAt), before: before.id } : { at: Number.MAX_SAFE_INTEGER, before: '' }
      const { rows } = await inState(db, { clinicId, state, ...end, limit })
      return rows.map((row) => fromDocument(notificationRecord, row.doc))
    },
  }
}

function toColumns(notification: Notification): Omit<Database['notifications'], keyof Counted> {
  const { kind, agendaKey, state } = notification
  const isCounted = isSurprise(kind)
  return {
    id: notification.id,
    clinic_id: notification.clinicId,
    appointment_id: notification.appointmentId,
    pending_at: isPending(notification) ? toMicroseconds(notification.dueAt) : null,
    notice_at: isCounted ? toMicroseconds(notification.plannedAt) : null,
    notice_kind: isCounted ? kind : null,
    agenda_key: isCounted && agendaKey !== undefined ? toDocument(text, agendaKey) : null,
    held_for: waitsFor(notification) ?? null,
    state,
    changed_at: toMicroseconds(notification.changedAt),
    doc: toDocument(notificationRecord, notification),
  }
}

/** A confirmation takes nobody by surprise, however many there are. */
function isSurprise(kind: NotificationKind): boolean {
  return kind === 'change' || kind === 'cancellation' || kind === 'correction'
}
