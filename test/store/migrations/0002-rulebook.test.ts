import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Notification } from '../../../src/core/notification.ts'
import type { Patient } from '../../../src/core/patient.ts'
import { type Codec, toDocument } from '../../../src/store/codec.ts'
import { toMicroseconds } from '../../../src/store/instant.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { firstTables } from '../../../src/store/migrations/0001-first-tables.ts'
import { appointmentRecord } from '../../../src/store/records/appointment.ts'
import { notificationRecord } from '../../../src/store/records/notification.ts'
import { patientRecord } from '../../../src/store/records/patient.ts'
import { settingsRecord } from '../../../src/store/records/settings.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import type { Store, Transaction } from '../../../src/store/store.ts'
import { aFolder } from '../open-files.ts'
import { aNotification, anAppointment, aPatient, at, minutes, nine, someSettings } from '../samples.ts'

const { nextPath } = await aFolder()

const planned = { whole: nine, milliseconds: at('2026-04-10T09:00:00.123Z'), microseconds: at('2026-04-10T09:00:00.123456Z') }
const notices: readonly Notification[] = Object.entries(planned).map(([name, plannedAt]) =>
  aNotification(`tilleuls:${name}`, { kind: 'cancellation', step: 'notice', basis: '1', plannedAt }),
)

const held = aNotification('tilleuls:1', { channel: 'email', state: 'held', reason: 'H-NO-TIME' })
const parked = aNotification('tilleuls:1', { channel: 'sms', state: 'parked', reason: 'status' })

const mobile = '+33612345678'
const patients: readonly Patient[] = [
  aPatient('1'),
  aPatient('2', { contacts: [{ kind: 'phone', value: mobile }, { kind: 'phone', value: mobile }, { kind: 'phone' }] }),
  aPatient('3', { contacts: [{ kind: 'email', value: mobile }] }),
  aPatient('4', { contacts: [] }),
  aPatient('5', { clinicId: 'ofys' }),
]

/** As the program of before wrote it. */
async function filledBefore(path: string): Promise<void> {
  const connection = await connect({ path })
  migrate(connection, 1, [firstTables])
  const insert = <T>(table: string, columns: Readonly<Record<string, string | number | null>>, codec: Codec<T>, value: T) => {
    const row = { ...columns, doc: toDocument(codec, value) }
    const places = Object.keys(row).map(() => '?')
    connection.query(`insert into ${table} (${Object.keys(row)}) values (${places})`, Object.values(row))
  }
  for (const patient of patients) insert('patients', { id: patient.id }, patientRecord, patient)
  const appointment = anAppointment('1')
  insert('appointments', { id: appointment.id, start_at: toMicroseconds(nine) }, appointmentRecord, appointment)
  for (const notification of [...notices, held, parked]) {
    const { id, appointmentId, dueAt } = notification
    insert('notifications', { id, appointment_id: appointmentId, pending_at: toMicroseconds(dueAt) }, notificationRecord, notification)
  }
  insert('settings', { clinic_id: 'tilleuls', version: 1, saved_at: toMicroseconds(nine) }, settingsRecord, someSettings(1))
  connection.close()
}

describe('a store that was made before the rulebook', () => {
  let store: Store
  beforeAll(async () => {
    const path = nextPath()
    await filledBefore(path)
    store = await openSqlite({ path })
  })
  afterAll(() => store.close())

  const read = <T>(work: (tx: Transaction) => Promise<T>) => store.read(work)
  const sharing = async (clinicId: string, phone: string) =>
    (await read((tx) => tx.patients.sharing(clinicId, phone, 10))).map((patient) => patient.ehrId)

  test('keeps what it held', async () => {
    for (const patient of patients) expect(await read((tx) => tx.patients.find(patient.id))).toEqual(patient)
    const all = [...notices, held, parked]
    for (const notification of all) expect(await read((tx) => tx.notifications.find(notification.id))).toEqual(notification)
    expect(await read((tx) => tx.notifications.due(nine, 10))).toHaveLength(all.length)
  })

  test('finds its patients by their phone numbers', async () => {
    expect(await sharing('tilleuls', mobile)).toEqual(['1', '2'])
    expect(await sharing('ofys', mobile)).toEqual(['5'])
  })

  test('counts the notices it had planned, to the microsecond', async () => {
    const counted = async (from: string, until: string) =>
      (await read((tx) => tx.notifications.noticesPlanned('tilleuls', at(from), at(until)))).map(({ count }) => count)
    expect(await counted('2026-04-10T09:00:00Z', '2026-04-10T09:01:00Z')).toEqual([3])
    expect(await counted('2026-04-10T09:00:00Z', '2026-04-10T09:00:00.000001Z')).toEqual([1])
    expect(await counted('2026-04-10T09:00:00.123Z', '2026-04-10T09:00:00.123001Z')).toEqual([1])
    expect(await counted('2026-04-10T09:00:00.123456Z', '2026-04-10T09:00:00.123457Z')).toEqual([1])
    expect(await read((tx) => tx.notifications.noticesPlanned('tilleuls', nine, minutes(1)))).toEqual([
      { agendaKey: '', kind: 'cancellation', count: 3 },
    ])
  })

  test('finds what it held, and only that', async () => {
    expect(await read((tx) => tx.notifications.heldFor('tilleuls', 'H-NO-TIME', 10))).toEqual([held])
    expect(await read((tx) => tx.notifications.heldFor('tilleuls', 'status', 10))).toEqual([])
  })

  test('says of its settings when they came, and not from what', async () => {
    expect(await read((tx) => tx.settings.current('tilleuls'))).toEqual(someSettings(1))
    expect(await read((tx) => tx.settings.history('tilleuls', 10))).toEqual([{ version: 1, at: nine }])
  })

  test('follows its patients from then on', async () => {
    await store.transact((tx) => tx.patients.save(aPatient('1', { contacts: [] })))
    await store.transact((tx) => tx.patients.save(aPatient('4', { contacts: [{ kind: 'phone', value: mobile }] })))
    expect(await sharing('tilleuls', mobile)).toEqual(['2', '4'])
  })
})
