import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { fromDocument, instant, record } from './codec.ts'
import { inboxTable } from './inbox.ts'
import { incumbentLogTable } from './incumbent-log.ts'
import { toMicroseconds } from './instant.ts'
import type { ForgettingTable } from './port/forgetting.ts'
import { prepare } from './prepare.ts'
import { toDoRecord } from './records/to-do.ts'
import type { Database } from './schema.ts'
import { usageTable } from './usage.ts'

const settledBefore = prepare((db, values: { before: number; limit: number }) =>
  db
    .selectFrom('inbox')
    .select(['id', 'archived'])
    .where('pinned', '=', sql.lit(0))
    .where('settled_at', 'is not', null)
    .where('settled_at', '<', values.before)
    .orderBy('settled_at')
    .orderBy('id')
    .limit(values.limit),
)

const idsAfter = prepare((db, values: { after: string; limit: number }) =>
  db.selectFrom('inbox').select(['id', 'pinned']).where('id', '>', values.after).orderBy('id').limit(values.limit),
)

const deleteBody = prepare((db, values: { id: string }) => db.deleteFrom('inbox_bodies').where('id', '=', values.id))
const deleteHead = prepare((db, values: { id: string }) => db.deleteFrom('inbox').where('id', '=', values.id))
const isPinned = prepare((db, values: { id: string }) => db.selectFrom('inbox').select('pinned').where('id', '=', values.id))

const startedBefore = prepare((db, values: { clinicId: string; before: number; limit: number }) =>
  db
    .selectFrom('appointments')
    .select('id')
    .where('clinic_id', '=', values.clinicId)
    .where('start_at', 'is not', null)
    .where('start_at', '<', values.before)
    .orderBy('start_at')
    .orderBy('id')
    .limit(values.limit),
)

const ofPatient = prepare((db, values: { patientId: string; limit: number }) =>
  db.selectFrom('appointments').select('id').where('patient_id', '=', values.patientId).limit(values.limit),
)

const patientOf = prepare((db, values: { id: string }) => db.selectFrom('appointments').select('patient_id').where('id', '=', values.id))
const linksOf = prepare((db, values: { id: string }) => db.selectFrom('links').select('token_hash').where('appointment_id', '=', values.id))

const attemptsOf = prepare((db, values: { id: string }) =>
  db
    .selectFrom('attempts')
    .innerJoin('notifications', 'notifications.id', 'attempts.notification_id')
    .select('attempts.id')
    .where('notifications.appointment_id', '=', values.id),
)

const deleteUsage = prepare((db, values: { id: string }) => db.deleteFrom('usage').where('attempt_id', '=', values.id))

/** All that hangs on one appointment, itself last. */
const deletions = [
  prepare((db, values: { id: string }) =>
    db
      .deleteFrom('attempts')
      .where('notification_id', 'in', (eb) => eb.selectFrom('notifications').select('id').where('appointment_id', '=', values.id)),
  ),
  prepare((db, values: { id: string }) => db.deleteFrom('notifications').where('appointment_id', '=', values.id)),
  prepare((db, values: { id: string }) => db.deleteFrom('links').where('appointment_id', '=', values.id)),
  prepare((db, values: { id: string }) => db.deleteFrom('write_backs').where('appointment_id', '=', values.id)),
  prepare((db, values: { id: string }) => db.deleteFrom('to_call').where('appointment_id', '=', values.id)),
  prepare((db, values: { id: string }) => db.deleteFrom('questionnaire_drafts').where('appointment_id', '=', values.id)),
  prepare((db, values: { id: string }) => db.deleteFrom('told').where('appointment_id', '=', values.id)),
  prepare((db, values: { id: string }) => db.deleteFrom('appointments').where('id', '=', values.id)),
] as const

const deleteGuesses = prepare((db, values: { subject: string }) => db.deleteFrom('guesses').where('subject', '=', values.subject))

const toDoAfter = prepare((db, values: { after: string; limit: number }) =>
  db.selectFrom('to_do').select(['id', 'doc']).where('id', '>', values.after).orderBy('id').limit(values.limit),
)
const deleteToDo = prepare((db, values: { id: string }) => db.deleteFrom('to_do').where('id', '=', values.id))

const prior = prepare((db, values: { id: string }) => db.selectFrom('aliases').select('prior_id').where('survivor_id', '=', values.id))
const deleteAliases = prepare((db, values: { id: string }) => db.deleteFrom('aliases').where('survivor_id', '=', values.id))
const deletePreferences = prepare((db, values: { id: string }) => db.deleteFrom('preferences').where('patient_id', '=', values.id))
const deletePatient = prepare((db, values: { id: string }) => db.deleteFrom('patients').where('id', '=', values.id))

/** What is kept by contact, of one clinic; a number's questions are of no clinic. */
const contactDeletions = [
  prepare((db, { clinicId, contact }: OfContact) =>
    db.deleteFrom('opt_outs').where('clinic_id', '=', clinicId).where('contact', '=', contact),
  ),
  prepare((db, { clinicId, contact }: OfContact) =>
    db.deleteFrom('consents').where('clinic_id', '=', clinicId).where('contact', '=', contact),
  ),
  prepare((db, { clinicId, contact }: OfContact) =>
    db.deleteFrom('wrong_numbers').where('clinic_id', '=', clinicId).where('contact', '=', contact),
  ),
] as const
interface OfContact {
  readonly clinicId: string
  readonly contact: string
}
const deleteQuestion = prepare((db, values: { contact: string }) => db.deleteFrom('questions').where('contact', '=', values.contact))

const oldTexts = prepare((db, values: { before: number; limit: number }) =>
  db
    .deleteFrom('inbound_texts')
    .where('id', 'in', (eb) =>
      eb.selectFrom('inbound_texts').select('id').where('received_at', '<', values.before).orderBy('received_at').limit(values.limit),
    ),
)

const oldQuestions = prepare((db, values: { before: number; limit: number }) =>
  db
    .deleteFrom('questions')
    .where('contact', 'in', (eb) =>
      eb.selectFrom('questions').select('contact').where('until_at', '<', values.before).orderBy('until_at').limit(values.limit),
    ),
)

const detailed = prepare((db, values: { limit: number }) =>
  db.selectFrom('audit').select(['seq', 'doc']).where('detail', 'is not', null).orderBy('seq').limit(values.limit),
)

/** The hash of the detail stays, so that the chain holds (R31). */
const eraseDetail = prepare((db, values: { seq: number; gone: null }) =>
  db.updateTable('audit').set({ detail: values.gone, salt: values.gone }).where('seq', '=', values.seq),
)

const eraseDetailsAbout = prepare((db, values: { subject: string; from: string; until: string; gone: null }) =>
  db
    .updateTable('audit')
    .set({ detail: values.gone, salt: values.gone })
    .where((eb) =>
      eb.or([eb('subject', '=', values.subject), eb.and([eb('subject', '>=', values.from), eb('subject', '<', values.until)])]),
    ),
)

const moment = record<{ readonly at: Temporal.Instant }>({ at: instant })

/** More than one patient ever has. */
const most = 10_000

export function forgettingTable(db: Kysely<Database>): ForgettingTable {
  const inbox = inboxTable(db)
  const usage = usageTable(db)
  const shadow = incumbentLogTable(db)

  /** The sums of what was sent stay true: only whom it was sent about goes. */
  async function unnameUsage(attemptId: string): Promise<void> {
    const row = await usage.find(attemptId)
    if (!row) return
    await deleteUsage(db, { id: attemptId })
    await usage.save({ ...row, attemptId: `erased:${hashOf(attemptId)}`, contactHash: '' })
  }

  return {
    async envelopes(before, limit) {
      const { rows } = await settledBefore(db, { before: toMicroseconds(before), limit })
      return rows.map(({ id, archived }) => ({ id, archived: archived === 1 }))
    },
    async envelopesAfter(after, limit) {
      const { rows } = await idsAfter(db, { after, limit })
      const found = []
      for (const { id, pinned } of rows) {
        const row = await inbox.find(id)
        if (row) found.push({ row, pinned: pinned === 1 })
      }
      return found
    },
    async forgetEnvelope(id) {
      await deleteBody(db, { id })
      const pinned = (await isPinned(db, { id })).rows[0]?.pinned === 1
      // an appointment that stays still names it: its row says that there was one, and its bytes are gone
      if (pinned) await inbox.dropBody(id)
      else await deleteHead(db, { id })
    },
    async appointments(clinicId, before, limit) {
      const { rows } = await startedBefore(db, { clinicId, before: toMicroseconds(before), limit })
      return rows.map(({ id }) => id)
    },
    async appointmentsOf(patientId) {
      return (await ofPatient(db, { patientId, limit: most })).rows.map(({ id }) => id)
    },
    async forgetAppointment(id) {
      const patientId = (await patientOf(db, { id })).rows[0]?.patient_id ?? undefined
      for (const attempt of (await attemptsOf(db, { id })).rows) await unnameUsage(attempt.id)
      for (const { token_hash: hash } of (await linksOf(db, { id })).rows) await deleteGuesses(db, { subject: `link:${hash}` })
      for (const remove of deletions) await remove(db, { id })
      await shadow.forgetOf({ appointmentId: id })
      await eraseDetailsAbout(db, { subject: id, from: `${id}:`, until: `${id};`, gone: null })
      const isLast = patientId !== undefined && (await ofPatient(db, { patientId, limit: 1 })).rows.length === 0
      return isLast ? patientId : undefined
    },
    async priorIdsOf(patientId) {
      return (await prior(db, { id: patientId })).rows.map((row) => row.prior_id)
    },
    async forgetPatient(id) {
      await deletePreferences(db, { id })
      await deleteAliases(db, { id })
      await deletePatient(db, { id })
      await shadow.forgetOf({ patientId: id })
      await eraseDetailsAbout(db, { subject: id, from: id, until: id, gone: null })
    },
    async forgetContact(clinicId, contact) {
      for (const remove of contactDeletions) await remove(db, { clinicId, contact })
      await deleteQuestion(db, { contact })
    },
    async forgetToDo(isMeant) {
      let after = ''
      for (;;) {
        const { rows } = await toDoAfter(db, { after, limit: 500 })
        for (const { id, doc } of rows) if (isMeant(fromDocument(toDoRecord, doc))) await deleteToDo(db, { id })
        after = rows.at(-1)?.id ?? after
        if (rows.length < 500) return
      }
    },
    async inboundTexts(before, limit) {
      return Number((await oldTexts(db, { before: toMicroseconds(before), limit })).numAffectedRows ?? 0n)
    },
    async questions(before, limit) {
      return Number((await oldQuestions(db, { before: toMicroseconds(before), limit })).numAffectedRows ?? 0n)
    },
    async auditDetails(before, limit) {
      const until = toMicroseconds(before)
      let count = 0
      for (const { seq, doc } of (await detailed(db, { limit })).rows) {
        if (toMicroseconds(fromDocument(moment, doc).at) >= until) return count
        await eraseDetail(db, { seq, gone: null })
        count += 1
      }
      return count
    },
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32)
}
