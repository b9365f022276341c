import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Appointment } from '../core/appointment.ts'
import type { Notification } from '../core/notification.ts'
import { attendanceOf, carriedOf, leadOf } from '../core/statistics.ts'
import { dayClockAt } from '../core/wall-clock.ts'
import { fromDocument, optional, record, text, toDocument } from './codec.ts'
import type { CountedAs, StatisticsTable } from './port/statistics.ts'
import { prepare } from './prepare.ts'
import { coded } from './records/appointment.ts'
import type { Database } from './schema.ts'

/** What a row counts as, and on which day where it is; all null: as nothing. */
export type Counted = Pick<Database['appointments'], 'counted_day' | 'counted_as' | 'counted_agenda' | 'counted_motif' | 'counted_lead'>

const nothing: Counted = { counted_day: null, counted_as: null, counted_agenda: null, counted_motif: null, counted_lead: null }

type Diary = Pick<Appointment, 'zone' | 'agenda' | 'motif'>

const keysOf = ({ agenda, motif }: Diary) => ({
  counted_agenda: agenda ? toDocument(text, agenda.key) : null,
  counted_motif: motif ? toDocument(text, motif.key) : null,
})

/** By the day it starts. */
export function countAppointment(appointment: Appointment): Counted {
  const attendance = attendanceOf(appointment)
  if (!attendance || !appointment.start) return nothing
  return {
    counted_day: dayClockAt(appointment.start, appointment.zone).dayNumber,
    counted_as: attendance,
    ...keysOf(appointment),
    counted_lead: attendance === 'confirmed' ? (leadOf(appointment) ?? null) : null,
  }
}

const diaryRecord = record<Diary>({ zone: text, agenda: optional(coded), motif: optional(coded) })

const diaryOf = prepare((db, values: { id: string }) => db.selectFrom('appointments').select('doc').where('id', '=', values.id))

/** By the day it left, in the agenda and for the motif the appointment then had; a later report of it finds that day kept. */
export async function countNotification(db: Kysely<Database>, notification: Notification): Promise<Counted> {
  const carried = carriedOf(notification.state)
  const doc = carried && (await diaryOf(db, { id: notification.appointmentId })).rows[0]?.doc
  if (doc === undefined) return nothing
  const diary = fromDocument(diaryRecord, doc)
  return {
    counted_day: dayClockAt(notification.changedAt, diary.zone).dayNumber,
    counted_as: `${notification.channel}.${carried}`,
    ...keysOf(diary),
    counted_lead: null,
  }
}

type Span = { readonly clinicId: string; readonly scope: string; readonly name: string; readonly from: number; readonly until: number }

const daily = prepare((db, values: Span) =>
  db
    .selectFrom('daily_counts')
    .select((eb) => ['day', 'counted_as', eb.fn.sum<number>('number').as('number')])
    .where('clinic_id', '=', values.clinicId)
    .where('scope', '=', values.scope)
    .where('name', '=', values.name)
    .where('day', '>=', values.from)
    .where('day', '<', values.until)
    .groupBy(['day', 'counted_as'])
    .orderBy('day'),
)

const sums = prepare((db, values: Span) =>
  db
    .selectFrom('daily_counts')
    .select((eb) => ['counted_as', eb.fn.sum<number>('number').as('number')])
    .where('clinic_id', '=', values.clinicId)
    .where('scope', '=', values.scope)
    .where('name', '=', values.name)
    .where('day', '>=', values.from)
    .where('day', '<', values.until)
    .groupBy('counted_as'),
)

/** More than that are not counted: the menu says so. */
const most = 1_000

const countOf = (part: (db: Kysely<Database>, clinicId: string) => SelectQueryBuilder<Database, never, { id: string }>) =>
  prepare((db, values: { clinicId: string }) =>
    db.selectFrom(part(db, values.clinicId).limit(sql.lit(most)).as('parts')).select((eb) => eb.fn.countAll<number>().as('number')),
  )

const open = (table: 'to_call' | 'to_do') =>
  countOf((db, clinicId) => db.selectFrom(table).select('id').where('clinic_id', '=', clinicId).where('done', '=', sql.lit(0)))

const toCall = open('to_call')

const toDo = open('to_do')

const heldAppointments = countOf((db, clinicId) =>
  db.selectFrom('appointments').select('id').where('clinic_id', '=', clinicId).where('held_for', 'is not', null),
)

const heldSends = prepare((db, values: { clinicId: string }) =>
  db
    .selectFrom('notifications')
    .select((eb) => ['held_for', eb.fn.countAll<number>().as('number')])
    .where('clinic_id', '=', values.clinicId)
    .where('held_for', 'is not', null)
    .groupBy('held_for'),
)

const wipe = prepare((db, values: { clinicId: string; from: number }) =>
  db.deleteFrom('daily_counts').where('clinic_id', '=', values.clinicId).where('day', '>=', values.from),
)

export function statisticsTable(db: Kysely<Database>): StatisticsTable {
  const one = async (query: typeof toCall, clinicId: string) => (await query(db, { clinicId })).rows[0]?.number ?? 0
  return {
    async days(clinicId, of, from, until) {
      const { rows } = await daily(db, { clinicId, ...named(of), from, until })
      return rows.map((row) => ({ day: row.day, as: row.counted_as as CountedAs, number: Number(row.number) }))
    },
    async sums(clinicId, of, from, until) {
      const { rows } = await sums(db, { clinicId, ...named(of), from, until })
      return rows.map((row) => ({ as: row.counted_as as CountedAs, number: Number(row.number) }))
    },
    async waiting(clinicId) {
      const held = (await heldSends(db, { clinicId })).rows
      return {
        toCall: await one(toCall, clinicId),
        toDo: await one(toDo, clinicId),
        appointmentsHeld: await one(heldAppointments, clinicId),
        sendsHeld: Object.fromEntries(held.map((row) => [row.held_for ?? '', Number(row.number)])),
      }
    },
    async recount(clinicId, from) {
      await wipe(db, { clinicId, from })
      for (const table of ['appointments', 'notifications'] as const)
        for (const scope of scopes) await insertSums(db, table, scope, clinicId, from)
    },
  }
}

/** `''`: of what has no agenda, or no motif. */
function named(of: Parameters<StatisticsTable['days']>[1]): Pick<Span, 'scope' | 'name'> {
  if (of.scope === 'all') return { scope: 'all', name: '' }
  if (of.scope === 'lead') return { scope: 'lead', name: of.lead }
  return { scope: of.scope, name: of.key === '' ? '' : toDocument(text, of.key) }
}

const scopes = ['all', 'agenda', 'motif', 'lead'] as const

/** The triggers' work, done at once for all that is kept. */
async function insertSums(
  db: Kysely<Database>,
  table: 'appointments' | 'notifications',
  scope: (typeof scopes)[number],
  clinicId: string,
  from: number,
): Promise<void> {
  const kept = db
    .selectFrom(table)
    .select((eb) => [
      'clinic_id',
      sql<string>`${sql.lit(scope)}`.as('scope'),
      nameOf(scope).as('name'),
      eb.ref('counted_day').$notNull().as('day'),
      eb.ref('counted_as').$notNull().as('counted_as'),
      eb.fn.countAll<number>().as('number'),
    ])
    .where('clinic_id', '=', clinicId)
    .where('counted_as', 'is not', null)
    .where('counted_day', '>=', from)
    .$if(scope === 'lead', (query) => query.where('counted_lead', 'is not', null))
    .groupBy(['clinic_id', 'counted_day', 'counted_as'])
    // PostgreSQL groups by no constant
    .$if(scope !== 'all', (query) => query.groupBy(nameOf(scope)))
  await db.insertInto('daily_counts').columns(['clinic_id', 'scope', 'name', 'day', 'counted_as', 'number']).expression(kept).execute()
}

function nameOf(scope: (typeof scopes)[number]) {
  return scope === 'all' ? sql<string>`''` : sql<string>`coalesce(${sql.ref(`counted_${scope}`)}, '')`
}
