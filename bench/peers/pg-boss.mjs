import { Hl7Server } from '@medplum/hl7'
import pg from 'pg'
import PgBoss from 'pg-boss'

// What a team would put together: the appointment and the job of its reminder in one transaction, then AA. It decides and audits nothing.
const [port, connectionString] = [Number(process.argv[2]), process.argv[3]]
const boss = new PgBoss({ connectionString })
await boss.start()
await boss.createQueue('reminder')
const pool = new pg.Pool({ connectionString, max: 20 })
await pool.query('create table if not exists appointments (id text primary key, patient_id text, start_at text, doc jsonb not null)')
await pool.query('create index if not exists by_patient on appointments (patient_id, start_at)')

const field = (message, segment, number, part = 1) => message.getSegment(segment)?.getField(number)?.getComponent(part)

async function keep(message) {
  const appointment = {
    id: field(message, 'SCH', 2),
    start: field(message, 'SCH', 11, 4) || field(message, 'TQ1', 7),
    status: field(message, 'SCH', 25),
    patient: field(message, 'PID', 3),
    family: field(message, 'PID', 5),
    given: field(message, 'PID', 5, 2),
    phone: field(message, 'PID', 13, 6),
    practitioner: field(message, 'AIP', 3),
    place: field(message, 'AIL', 3),
    motif: field(message, 'AIS', 3),
  }
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(
      'insert into appointments (id, patient_id, start_at, doc) values ($1, $2, $3, $4) on conflict (id) do update set doc = excluded.doc, start_at = excluded.start_at',
      [appointment.id, appointment.patient, appointment.start, appointment],
    )
    const db = { executeSql: (text, values) => client.query(text, values) }
    await boss.send('reminder', { id: appointment.id }, { startAfter: 86_400, db })
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const server = new Hl7Server((connection) => {
  connection.addEventListener('message', async ({ message }) => {
    await keep(message)
    connection.send(message.buildAck())
  })
})
server.start(port)
server.server.once('listening', () => process.stdout.write('listening\n'))
