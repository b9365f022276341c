import type { Kysely } from 'kysely'
import { toMicroseconds } from './instant.ts'
import type { OptOutsTable } from './port/contacts.ts'
import { prepare } from './prepare.ts'
import { channel } from './records/notification.ts'
import type { Database } from './schema.ts'

type Key = Omit<Database['opt_outs'], 'added_at'>

const find = prepare((db, key: Key) =>
  db
    .selectFrom('opt_outs')
    .select('added_at')
    .where('clinic_id', '=', key.clinic_id)
    .where('channel', '=', key.channel)
    .where('contact', '=', key.contact),
)

/** `null` is nobody's contact. */
const among = prepare((db, values: { clinicId: string; email: string | null; sms: string | null }) =>
  db
    .selectFrom('opt_outs')
    .select('channel')
    .where('clinic_id', '=', values.clinicId)
    .where((eb) =>
      eb.or([
        eb.and([eb('channel', '=', 'email'), eb('contact', '=', values.email)]),
        eb.and([eb('channel', '=', 'sms'), eb('contact', '=', values.sms)]),
      ]),
    ),
)

const insert = prepare((db, row: Database['opt_outs']) =>
  db
    .insertInto('opt_outs')
    .values({ clinic_id: row.clinic_id, channel: row.channel, contact: row.contact, added_at: row.added_at })
    .onConflict((conflict) => conflict.doNothing()),
)

const remove = prepare((db, key: Key) =>
  db.deleteFrom('opt_outs').where('clinic_id', '=', key.clinic_id).where('channel', '=', key.channel).where('contact', '=', key.contact),
)

export function optOutsTable(db: Kysely<Database>): OptOutsTable {
  return {
    async has(clinicId, channel, contact) {
      return (await find(db, { clinic_id: clinicId, channel, contact })).rows.length > 0
    },
    async among(clinicId, { email = null, sms = null }) {
      if (email === null && sms === null) return new Set()
      const { rows } = await among(db, { clinicId, email, sms })
      return new Set(rows.map((row) => channel.decode(row.channel)))
    },
    async add(clinicId, channel, contact, at) {
      await insert(db, { clinic_id: clinicId, channel, contact, added_at: toMicroseconds(at) })
    },
    async remove(clinicId, channel, contact) {
      await remove(db, { clinic_id: clinicId, channel, contact })
    },
  }
}
