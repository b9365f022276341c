import { expect, test } from 'vitest'
import { toDocument } from '../../../src/store/codec.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { firstTables } from '../../../src/store/migrations/0001-first-tables.ts'
import { rulebookTables } from '../../../src/store/migrations/0002-rulebook.ts'
import { replanningTables } from '../../../src/store/migrations/0003-replanning.ts'
import { appointmentRecord } from '../../../src/store/records/appointment.ts'
import { patientRecord } from '../../../src/store/records/patient.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import { aFolder } from '../open-files.ts'
import { anAppointment, aPatient, nine } from '../samples.ts'

const { nextPath } = await aFolder()

test('what was kept before is read as it was, and knows visits and relatives from its next word on', async () => {
  const path = nextPath()
  const connection = await connect({ path })
  migrate(connection, 1, [firstTables, rulebookTables, replanningTables])
  const [appointment, child] = [anAppointment('1'), aPatient('child')]
  connection.query('insert into appointments (id, clinic_id, patient_id, start_at, envelope_id, doc) values (?, ?, ?, ?, ?, ?)', [
    appointment.id,
    'tilleuls',
    'tilleuls:child',
    1,
    null,
    toDocument(appointmentRecord, appointment),
  ])
  connection.query('insert into patients (id, clinic_id, phones, doc) values (?, ?, ?, ?)', [
    child.id,
    'tilleuls',
    null,
    toDocument(patientRecord, child),
  ])
  connection.close()
  const store = await openSqlite({ path, now: () => nine })
  expect(await store.read((tx) => tx.appointments.find(appointment.id))).toEqual(appointment)
  expect(await store.read((tx) => tx.patients.survivorOf(child.id))).toBe(child.id)
  await store.transact(async (tx) => {
    await tx.appointments.save({ ...appointment, visit: 'V1' })
    await tx.patients.save(aPatient('mother'))
    await tx.patients.save({ ...child, relatives: [{ ehrId: 'mother', guardian: true, contacts: [] }] })
  })
  expect(await store.read((tx) => tx.appointments.ofVisit('tilleuls', 'V1', 9))).toHaveLength(1)
  expect((await store.read((tx) => tx.patients.related('tilleuls:mother', 9))).map(({ id }) => id)).toEqual([child.id])
  await store.close()
})
