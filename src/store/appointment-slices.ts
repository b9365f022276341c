import type { Kysely } from 'kysely'
import { fromDocument } from './codec.ts'
import { toMicroseconds } from './instant.ts'
import type { AppointmentsTable } from './port/appointments.ts'
import { prepare } from './prepare.ts'
import { appointmentRecord } from './records/appointment.ts'
import type { Database } from './schema.ts'

interface Span {
  readonly clinicId: string
  readonly from: number
  readonly until: number
}

const count = prepare((db, { clinicId, from, until }: Span) =>
  db
    .selectFrom('appointments')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('clinic_id', '=', clinicId)
    .where('start_at', '>=', from)
    .where('start_at', '<', until),
)

/** The index is walked to where the slice begins; only its rows are read. */
const slice = prepare((db, { clinicId, from, until, skip, limit }: Span & { readonly skip: number; readonly limit: number }) =>
  db
    .selectFrom('appointments')
    .select('doc')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('appointments')
        .select('id')
        .where('clinic_id', '=', clinicId)
        .where('start_at', '>=', from)
        .where('start_at', '<', until)
        .orderBy('start_at')
        .orderBy('id')
        .limit(limit)
        .offset(skip),
    ),
)

/** For estimates: how many there are, and a few from here and there. */
export function appointmentSlices(db: Kysely<Database>): Pick<AppointmentsTable, 'countStarting' | 'slice'> {
  const spanOf = (clinicId: string, { from, until }: Parameters<AppointmentsTable['countStarting']>[1]): Span => ({
    clinicId,
    from: toMicroseconds(from),
    until: toMicroseconds(until),
  })
  return {
    async countStarting(clinicId, span) {
      return Number((await count(db, spanOf(clinicId, span))).rows[0]?.rows ?? 0)
    },
    async slice(clinicId, span, skip, limit) {
      const { rows } = await slice(db, { ...spanOf(clinicId, span), skip, limit })
      return rows.map((row) => fromDocument(appointmentRecord, row.doc))
    },
  }
}
