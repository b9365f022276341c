import { expect, test } from 'vitest'
import { toDocument } from '../../../src/store/codec.ts'
import { toMicroseconds } from '../../../src/store/instant.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { firstTables } from '../../../src/store/migrations/0001-first-tables.ts'
import { rulebookTables } from '../../../src/store/migrations/0002-rulebook.ts'
import { appointmentRecord } from '../../../src/store/records/appointment.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import { aFolder } from '../open-files.ts'
import { anAppointment, nine } from '../samples.ts'

const { nextPath } = await aFolder()

test('appointments from before are found by their clinic', async () => {
  const path = nextPath()
  const connection = await connect({ path })
  migrate(connection, 1, [firstTables, rulebookTables])
  for (const appointment of [anAppointment('1'), anAppointment('2', { clinicId: 'ofys' })])
    connection.query('insert into appointments (id, start_at, doc) values (?, ?, ?)', [
      appointment.id,
      toMicroseconds(appointment.start ?? nine),
      toDocument(appointmentRecord, appointment),
    ])
  connection.close()
  const store = await openSqlite({ path })
  expect(await store.read((tx) => tx.appointments.ahead('ofys', nine, undefined, 10))).toEqual([anAppointment('2', { clinicId: 'ofys' })])
  await store.close()
})
