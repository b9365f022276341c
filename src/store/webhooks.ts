import { type Kysely, sql } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { WebhooksTable } from './port/webhooks.ts'
import { prepare } from './prepare.ts'
import { deliveryRecord, endpointRecord, eventRecord } from './records/webhook.ts'
import type { Database } from './schema.ts'

const findEndpoint = prepare((db, values: { id: string }) => db.selectFrom('webhook_endpoints').select('doc').where('id', '=', values.id))

const saveEndpoint = prepare((db, row: Database['webhook_endpoints']) =>
  db
    .insertInto('webhook_endpoints')
    .values({ id: row.id, clinic_id: row.clinic_id, doc: row.doc })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ doc: eb.ref('excluded.doc') }))),
)

const ofClinic = prepare((db, values: { clinicId: string; limit: number }) =>
  db.selectFrom('webhook_endpoints').select('doc').where('clinic_id', '=', values.clinicId).orderBy('id').limit(values.limit),
)

const removeEndpoint = prepare((db, values: { id: string }) => db.deleteFrom('webhook_endpoints').where('id', '=', values.id))

const removeDeliveries = prepare((db, values: { id: string }) => db.deleteFrom('webhook_deliveries').where('endpoint_id', '=', values.id))

const insertEvent = prepare((db, row: Database['webhook_events']) =>
  db
    .insertInto('webhook_events')
    .values({ id: row.id, clinic_id: row.clinic_id, at: row.at, doc: row.doc })
    .onConflict((conflict) => conflict.column('id').doNothing()),
)

const findEvent = prepare((db, values: { id: string }) => db.selectFrom('webhook_events').select('doc').where('id', '=', values.id))

const events = prepare((db, values: { clinicId: string; from: number; after: string; until: number; limit: number }) =>
  db
    .selectFrom('webhook_events')
    .select('doc')
    .where('clinic_id', '=', values.clinicId)
    .where((eb) => eb(eb.refTuple('at', 'id'), '>', eb.tuple(values.from, values.after)))
    .where('at', '<', values.until)
    .orderBy('at')
    .orderBy('id')
    .limit(values.limit),
)

const saveDelivery = prepare((db, row: Database['webhook_deliveries']) =>
  db
    .insertInto('webhook_deliveries')
    .values({
      endpoint_id: row.endpoint_id,
      event_id: row.event_id,
      created_at: row.created_at,
      pending_at: row.pending_at,
      state: row.state,
      doc: row.doc,
    })
    .onConflict((conflict) =>
      conflict.columns(['endpoint_id', 'event_id']).doUpdateSet((eb) => ({
        created_at: eb.ref('excluded.created_at'),
        pending_at: eb.ref('excluded.pending_at'),
        state: eb.ref('excluded.state'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const findDelivery = prepare((db, values: { endpointId: string; eventId: string }) =>
  db.selectFrom('webhook_deliveries').select('doc').where('endpoint_id', '=', values.endpointId).where('event_id', '=', values.eventId),
)

const due = prepare((db, values: { now: number; limit: number }) =>
  db.selectFrom('webhook_deliveries').select('doc').where('pending_at', '<=', values.now).orderBy('pending_at').limit(values.limit),
)

const nextDueAt = prepare((db, _: Record<never, never>) =>
  db.selectFrom('webhook_deliveries').select('pending_at').where('pending_at', 'is not', null).orderBy('pending_at').limit(sql.lit(1)),
)

const deliveries = prepare((db, values: { endpointId: string; state: string; at: number; before: string; limit: number }) =>
  db
    .selectFrom('webhook_deliveries')
    .select('doc')
    .where('endpoint_id', '=', values.endpointId)
    .where('state', '=', values.state)
    .where((eb) => eb(eb.refTuple('created_at', 'event_id'), '<', eb.tuple(values.at, values.before)))
    .orderBy('created_at', 'desc')
    .orderBy('event_id', 'desc')
    .limit(values.limit),
)

const forgetDeliveries = prepare((db, values: { before: number; limit: number }) =>
  db
    .deleteFrom('webhook_deliveries')
    .where('event_id', 'in', (eb) =>
      eb.selectFrom('webhook_events').select('id').where('at', '<', values.before).orderBy('at').limit(values.limit),
    ),
)

const forgetEvents = prepare((db, values: { before: number; limit: number }) =>
  db
    .deleteFrom('webhook_events')
    .where('id', 'in', (eb) =>
      eb.selectFrom('webhook_events').select('id').where('at', '<', values.before).orderBy('at').limit(values.limit),
    ),
)

export function webhooksTable(db: Kysely<Database>): WebhooksTable {
  return {
    async find(id) {
      const row = (await findEndpoint(db, { id })).rows[0]
      return row && fromDocument(endpointRecord, row.doc)
    },
    async save(endpoint) {
      await saveEndpoint(db, { id: endpoint.id, clinic_id: endpoint.clinicId, doc: toDocument(endpointRecord, endpoint) })
    },
    async ofClinic(clinicId, limit) {
      const { rows } = await ofClinic(db, { clinicId, limit })
      return rows.map((row) => fromDocument(endpointRecord, row.doc))
    },
    async remove(id) {
      await removeDeliveries(db, { id })
      await removeEndpoint(db, { id })
    },
    async insertEvent(event) {
      const row = { id: event.id, clinic_id: event.clinicId, at: toMicroseconds(event.at), doc: toDocument(eventRecord, event) }
      return (await insertEvent(db, row)).numAffectedRows === 1n
    },
    async findEvent(id) {
      const row = (await findEvent(db, { id })).rows[0]
      return row && fromDocument(eventRecord, row.doc)
    },
    async events(clinicId, { from, until, after, limit }) {
      // an empty id comes before every other of the same instant
      const begin = after ? { from: toMicroseconds(after.at), after: after.id } : { from: toMicroseconds(from), after: '' }
      const { rows } = await events(db, { clinicId, ...begin, until: toMicroseconds(until), limit })
      return rows.map((row) => fromDocument(eventRecord, row.doc))
    },
    async saveDelivery(delivery) {
      await saveDelivery(db, {
        endpoint_id: delivery.endpointId,
        event_id: delivery.eventId,
        created_at: toMicroseconds(delivery.createdAt),
        pending_at: delivery.state === 'pending' ? toMicroseconds(delivery.nextTryAt) : null,
        state: delivery.state,
        doc: toDocument(deliveryRecord, delivery),
      })
    },
    async findDelivery(endpointId, eventId) {
      const row = (await findDelivery(db, { endpointId, eventId })).rows[0]
      return row && fromDocument(deliveryRecord, row.doc)
    },
    async due(now, limit) {
      const { rows } = await due(db, { now: toMicroseconds(now), limit })
      return rows.map((row) => fromDocument(deliveryRecord, row.doc))
    },
    async nextDueAt() {
      const at = (await nextDueAt(db, {})).rows[0]?.pending_at
      return at === undefined || at === null ? undefined : fromMicroseconds(at)
    },
    async deliveries(endpointId, state, { limit, before }) {
      const end = before ? { at: toMicroseconds(before.at), before: before.id } : { at: Number.MAX_SAFE_INTEGER, before: '' }
      const { rows } = await deliveries(db, { endpointId, state, ...end, limit })
      return rows.map((row) => fromDocument(deliveryRecord, row.doc))
    },
    async forget(before, limit) {
      await forgetDeliveries(db, { before: toMicroseconds(before), limit })
      const { numAffectedRows } = await forgetEvents(db, { before: toMicroseconds(before), limit })
      return Number(numAffectedRows ?? 0n)
    },
  }
}
