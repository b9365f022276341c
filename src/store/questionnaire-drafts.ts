import type { Kysely } from 'kysely'
import { fromDocument, toDocument } from './codec.ts'
import { fromMicroseconds, toMicroseconds } from './instant.ts'
import type { QuestionnaireDraftsTable } from './port/questionnaire-drafts.ts'
import { prepare } from './prepare.ts'
import { questionnaireDraftRecord } from './records/questionnaire-draft.ts'
import type { Database } from './schema.ts'

const find = prepare((db, values: { appointmentId: string }) =>
  db.selectFrom('questionnaire_drafts').select('doc').where('appointment_id', '=', values.appointmentId),
)

const save = prepare((db, row: Database['questionnaire_drafts']) =>
  db
    .insertInto('questionnaire_drafts')
    .values({ appointment_id: row.appointment_id, forget_at: row.forget_at, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('appointment_id').doUpdateSet((eb) => ({ forget_at: eb.ref('excluded.forget_at'), doc: eb.ref('excluded.doc') })),
    ),
)

const remove = prepare((db, values: { appointmentId: string }) =>
  db.deleteFrom('questionnaire_drafts').where('appointment_id', '=', values.appointmentId),
)

const toForget = prepare((db, values: { now: number; limit: number }) =>
  db
    .selectFrom('questionnaire_drafts')
    .select('doc')
    .where('forget_at', '<=', values.now)
    .orderBy('forget_at')
    .orderBy('appointment_id')
    .limit(values.limit),
)

const soonest = prepare((db, _: Record<never, never>) =>
  db.selectFrom('questionnaire_drafts').select('forget_at as at').orderBy('forget_at').limit(1),
)

export function questionnaireDraftsTable(db: Kysely<Database>): QuestionnaireDraftsTable {
  return {
    async find(appointmentId) {
      const row = (await find(db, { appointmentId })).rows[0]
      return row && fromDocument(questionnaireDraftRecord, row.doc)
    },
    async save(draft) {
      await save(db, {
        appointment_id: draft.appointmentId,
        forget_at: toMicroseconds(draft.forgetAt),
        doc: toDocument(questionnaireDraftRecord, draft),
      })
    },
    async remove(appointmentId) {
      await remove(db, { appointmentId })
    },
    async toForget(now, limit) {
      const { rows } = await toForget(db, { now: toMicroseconds(now), limit })
      return rows.map((row) => fromDocument(questionnaireDraftRecord, row.doc))
    },
    async nextForgetAt() {
      const at = (await soonest(db, {})).rows[0]?.at
      return at === undefined ? undefined : fromMicroseconds(at)
    },
  }
}
