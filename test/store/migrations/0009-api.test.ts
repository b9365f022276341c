import { expect, test } from 'vitest'
import { apiTables } from '../../../src/store/migrations/0009-api.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import { aFolder } from '../open-files.ts'
import { aNotification, anAppointment, aPatient, aWriteBack, minutes, nine } from '../samples.ts'

const { nextPath } = await aFolder()

test('what was there before is listed and found: appointments by agenda, notifications and answers by state, patients by name', async () => {
  const path = nextPath()
  const first = await openSqlite({ path })
  await first.transact(async (tx) => {
    await tx.appointments.save(anAppointment('1', { start: nine }))
    await tx.notifications.save(aNotification('tilleuls:1', { state: 'failed', changedAt: minutes(3) }))
    await tx.writeBacks.save(aWriteBack('tilleuls:1', 'w', { state: 'failed' }))
    await tx.patients.save(aPatient('1', { familyName: 'D’Étienne-Roy', givenName: 'Zoé', birthDate: '1980-03-12' }))
  })
  await first.close()
  // as the program before this one left it
  const connection = await connect({ path })
  const columns = ['patients.terms', 'appointments.agenda_key', 'notifications.state', 'notifications.changed_at']
  const undo = [
    ...['brings', 'changes', 'takes'].map((each) => `drop trigger patient_${each}_terms`),
    ...['appointments_by_agenda', 'notifications_listed', 'write_backs_listed'].map((each) => `drop index ${each}`),
    ...[...columns, 'write_backs.connector_id', 'write_backs.state'].map((each) => `alter table ${each.replace('.', ' drop column ')}`),
    ...['patient_terms', 'idempotency', 'webhook_endpoints', 'webhook_events', 'webhook_deliveries'].map((each) => `drop table ${each}`),
    `delete from migrations where name = '${apiTables.name}'`,
  ]
  connection.script(`${undo.join(';\n')};`)
  connection.close()

  const store = await openSqlite({ path })
  const seen = await store.read(async (tx) => ({
    appointments: await tx.appointments.starting('tilleuls', { from: nine, until: minutes(1), limit: 5, agendaKey: 'MOREAU' }),
    notifications: await tx.notifications.inState('tilleuls', 'failed', { limit: 5, before: { id: '', changedAt: minutes(4) } }),
    answers: await tx.writeBacks.inState('tilleuls', 'failed', { limit: 5 }),
    named: await tx.patients.search('tilleuls', { name: 'd etienne roy zo' }, 5),
    given: await tx.patients.search('tilleuls', { name: 'zoe' }, 5),
    born: await tx.patients.search('tilleuls', { birthDate: '1980-03-12' }, 5),
  }))
  await store.close()
  expect(Object.entries(seen).map(([what, rows]) => [what, rows.length])).toEqual(Object.keys(seen).map((what) => [what, 1]))
})
