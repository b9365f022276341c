import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../src/core/appointment.ts'
import { confirmationBasis } from '../src/core/appointment.ts'
import { ofys } from '../src/core/cadences.ts'
import type { Patient } from '../src/core/patient.ts'
import type { Settings } from '../src/core/settings.ts'
import { dayClockAt } from '../src/core/wall-clock.ts'
import { text, toDocument } from '../src/store/codec.ts'
import { appointmentRecord } from '../src/store/records/appointment.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { type Connection, connect } from '../src/store/sqlite-connection.ts'
import { countAppointment } from '../src/store/statistics.ts'

const help = `Makes an SQLite store of invented appointments and messages, as large as asked for, to look at pages with.

usage: node --import tsx scripts/seed.ts --to FILE [--appointments 1000000] [--agendas 1000] [--force]
Five messages of each appointment; a fifth as many patients. The clinic is called \`seed\`, its connector \`ehr\`.
`

const { values } = parseArgs({
  options: {
    to: { type: 'string' },
    appointments: { type: 'string', default: '1000000' },
    agendas: { type: 'string', default: '1000' },
    force: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const zone = 'America/Toronto'
const clinicId = 'seed'
const DAY = 86_400_000
const total = Number(values.appointments)
const agendas = Number(values.agendas)
const patients = Math.max(1, Math.floor(total / 5))
const motifs = 40
const now = Temporal.Now.instant()
const today = Math.floor(now.epochMilliseconds / DAY) * DAY + 14 * 3_600_000

async function seed(path: string): Promise<void> {
  if (values.force) for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true })
  const store = await openSqlite({ path })
  await store.transact((tx) => tx.settings.save(settings(), now))
  await savePatients(store)
  await store.transact(async (tx) => {
    for (let index = 0; index < 300; index += 1)
      await tx.toCall.save({
        id: `${idOf(soon(index))}:change:notice:${index}`,
        clinicId,
        appointmentId: idOf(soon(index)),
        patientId: patientOf(soon(index)),
        kind: index % 3 === 0 ? 'change' : 'cancellation',
        reason: index % 2 === 0 ? 'no_mobile' : 'stop',
        start: startOf(soon(index)),
        createdAt: now,
      })
    for (let index = 0; index < 120; index += 1)
      await tx.toDo.save({
        id: `reply:${index}`,
        clinicId,
        kind: 'reply',
        appointmentId: idOf(soon(index)),
        patientId: patientOf(soon(index)),
        contact: phoneOf(index),
        text: 'Puis-je venir un peu plus tard ?',
        createdAt: now,
        forgetAt: now.add({ hours: 2_000 }),
      })
  })
  await store.close()
  const connection = await connect({ path })
  fill(connection)
  connection.close()
}

function settings(): Settings {
  const on = { confirmation: true, reminder: true, change: true }
  return {
    version: 1,
    clinic: { id: clinicId, name: 'Clinique des Semis', phone: '418 555-0140', zone, language: 'fr' },
    communications: true,
    smsActivated: true,
    channelPolicy: 'email_and_sms',
    smsToUnknown: true,
    cadence: ofys,
    grace: Temporal.Duration.from('PT10M'),
    cancelUndo: Temporal.Duration.from('PT5M'),
    settingsEnabled: true,
    dailyCap: 6,
    fuse: { least: 50, factor: 5, agendas: 3 },
    absence: { least: 5, within: Temporal.Duration.from('PT10M') },
    smsPrices: [{ from: '2000-01-01', perSegment: 75, currency: 'CAD' }],
    smsBudget: 80_000_000,
    senders: [],
    consent: 'implied',
    sites: {},
    agendas: Object.fromEntries(
      Array.from({ length: agendas }, (_, index) => [
        agendaOf(index),
        { label: `Agenda ${index + 1}`, live: true, switches: { email: on, sms: on, push: on } },
      ]),
    ),
    motifs: Object.fromEntries(
      Array.from({ length: motifs }, (_, index) => [
        `M${index}`,
        {
          type: 'onsite',
          notify: true,
          listed: true,
          confirmation: true,
          changes: true,
          reminder: true,
          label: `Motif ${index + 1}`,
        } as const,
      ]),
    ),
    patients: {},
  }
}

const families = ['Roy', 'Tremblay', 'Gagnon', 'Côté', 'Bouchard', 'Gauthier', 'Morin', 'Lavoie', 'Fortin', 'Gagné', 'Ouellet', 'Pelletier']
const givens = ['Anne', 'Élise', 'Luc', 'Marc', 'Jeanne', 'Samuel', 'Claire', 'Nadia', 'Paul', 'Rose', 'Léa', 'Hugo', 'Zoé']

const agendaOf = (index: number): string => `AG${String(index % agendas).padStart(4, '0')}`
const idOf = (index: number): string => `ehr:${String(index).padStart(8, '0')}`
const patientOf = (index: number): string => `ehr:P${String((index * 7_919) % patients).padStart(7, '0')}`
const phoneOf = (index: number): string => `+1418555${String(index % 10_000).padStart(4, '0')}`
/** The first ones from tomorrow on. */
const soon = (index: number): number => Math.min(total - 1, Math.floor((total * 366) / 426) + index)

/** From a year ago to two months ahead, so many each day, between nine and five. */
function startOf(index: number): Temporal.Instant {
  const day = Math.floor((index * 426) / total) - 365
  return Temporal.Instant.fromEpochMilliseconds(today + day * DAY + (index % 96) * 300_000)
}

async function savePatients(store: Awaited<ReturnType<typeof openSqlite>>): Promise<void> {
  const batch = 2_000
  for (let from = 0; from < patients; from += batch) {
    await store.transact(async (tx) => {
      for (let index = from; index < Math.min(patients, from + batch); index += 1) await tx.patients.save(patient(index))
    })
    progress('patients', from + batch, patients)
  }
}

function patient(index: number): Patient {
  const said = { at: now }
  const ehrId = `P${String(index).padStart(7, '0')}`
  return {
    id: `ehr:${ehrId}`,
    clinicId,
    connectorId: 'ehr',
    ehrId,
    givenName: givens[index % givens.length] ?? '',
    familyName: `${families[index % families.length]} ${String.fromCharCode(97 + (index % 26))}${index % 997}`,
    birthDate: `${1930 + (index % 90)}-${String(1 + (index % 12)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`,
    language: 'fr',
    contacts: [
      { kind: 'phone', value: phoneOf(index), mobile: 'yes' },
      { kind: 'email', value: `p${index}@example.org` },
    ],
    deceased: false,
    said: { name: said, contacts: said },
  }
}

/** Indexes and triggers go while rows come, and come back: that is several times as fast. */
function fill(connection: Connection): void {
  connection.query('pragma synchronous = off')
  connection.query('pragma cache_size = -400000')
  const own = `type in ('index', 'trigger') and tbl_name in ('appointments', 'notifications') and sql is not null`
  const made = connection.query(`select type, name, sql from sqlite_master where ${own}`)
  for (const { type, name } of made) connection.exec(`drop ${String(type)} "${String(name)}"`)
  insertAppointments(connection)
  insertNotifications(connection)
  for (const [index, { type, sql }] of [...made].sort((a, b) => String(a.type).localeCompare(String(b.type))).entries()) {
    connection.script(String(sql))
    progress(`indexes (${String(type)})`, index + 1, made.length)
  }
  sumUp(connection)
  connection.query('analyze')
  connection.query('pragma wal_checkpoint(truncate)')
}

function inBatches(connection: Connection, what: string, each: (index: number) => void): void {
  const batch = 20_000
  for (let from = 0; from < total; from += batch) {
    connection.exec('begin')
    for (let index = from; index < Math.min(total, from + batch); index += 1) each(index)
    connection.exec('commit')
    progress(what, from + batch, total)
  }
}

const micros = (at: Temporal.Instant): number => at.epochMilliseconds * 1000

function insertAppointments(connection: Connection): void {
  const sql = `insert into appointments
    (id, clinic_id, patient_id, start_at, agenda_key, counted_day, counted_as, counted_agenda, counted_motif, counted_lead, doc)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  inBatches(connection, 'appointments', (index) => {
    const each = appointment(index)
    const counted = countAppointment(each)
    connection.query(sql, [
      each.id,
      clinicId,
      each.patientId,
      micros(startOf(index)),
      toDocument(text, agendaOf(index)),
      counted.counted_day,
      counted.counted_as,
      counted.counted_agenda,
      counted.counted_motif,
      counted.counted_lead,
      toDocument(appointmentRecord, each),
    ])
  })
}

function appointment(index: number): Appointment {
  const start = startOf(index)
  const isPast = start.epochMilliseconds < now.epochMilliseconds
  const luck = (index * 37) % 100
  const status = luck < 12 ? 'cancelled' : isPast ? (luck < 17 ? 'noshow' : 'fulfilled') : 'booked'
  const said = { at: now }
  const plain: Appointment = {
    id: idOf(index),
    clinicId,
    connectorId: 'ehr',
    ehrId: String(index).padStart(8, '0'),
    status,
    ...(status === 'cancelled' && { cancelKind: 'cancelled' as const }),
    start,
    end: start.add({ minutes: 20 }),
    zone,
    agenda: { key: agendaOf(index) },
    motif: { key: `M${index % motifs}` },
    modality: 'onsite',
    practitioner: { name: `Dre Claire Moreau ${index % agendas}` },
    origin: 'staff',
    patientId: patientOf(index),
    holds: [],
    warnings: [],
    said: { status: said, time: said, agenda: said, motif: said, patient: said },
    revision: 1,
    firstSeenAt: start.subtract({ hours: 24 * 20 }),
    changedAt: start.subtract({ hours: 24 * 20 }),
  }
  if (luck < 17 || luck > (isPast ? 85 : 50)) return plain
  const at = start.subtract({ hours: 1 + (index % 60) })
  return { ...plain, confirmation: { state: 'confirmed', by: 'patient', at, basis: confirmationBasis(plain) } }
}

const steps = [
  { kind: 'confirmation', step: 'notice', channel: 'email', hours: 24 * 20 },
  { kind: 'confirmation', step: 'notice', channel: 'sms', hours: 24 * 20 },
  { kind: 'reminder', step: 'PT168H', channel: 'email', hours: 168 },
  { kind: 'reminder', step: 'PT36H', channel: 'sms', hours: 36 },
  { kind: 'previsit', step: 'PT24H', channel: 'email', hours: 24 },
] as const

function insertNotifications(connection: Connection): void {
  const sql = `insert into notifications
    (id, clinic_id, appointment_id, pending_at, state, changed_at, counted_day, counted_as, counted_agenda, counted_motif, doc)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  inBatches(connection, 'notifications (by appointment)', (index) => {
    const start = startOf(index)
    const agenda = toDocument(text, agendaOf(index))
    const motif = toDocument(text, `M${index % motifs}`)
    for (const [order, { kind, step, channel, hours }] of steps.entries()) {
      const due = start.subtract({ hours })
      const isPending = due.epochMilliseconds > now.epochMilliseconds
      const luck = (index * 31 + order * 7) % 100
      const state = isPending ? 'planned' : luck < 4 ? 'failed' : luck < 8 ? 'suppressed' : luck < 12 ? 'sent' : 'delivered'
      const id = `${idOf(index)}:${kind}:${step}:0:${channel}:${patientOf(index)}`
      const counted = isPending || state === 'suppressed' ? undefined : `${channel}.${state}`
      const doc = {
        id,
        clinicId,
        appointmentId: idOf(index),
        patientId: patientOf(index),
        kind,
        step,
        basis: '0',
        channel,
        agendaKey: agendaOf(index),
        state,
        ...(state === 'suppressed' && { reason: 'no_mobile' }),
        dueAt: due.toString(),
        notAfter: start.toString(),
        attempts: isPending ? 0 : 1,
        plannedAt: due.toString(),
        changedAt: due.toString(),
      }
      connection.query(sql, [
        id,
        clinicId,
        idOf(index),
        isPending ? micros(due) : null,
        state,
        micros(due),
        counted ? dayClockAt(due, zone).dayNumber : null,
        counted ?? null,
        counted ? agenda : null,
        counted ? motif : null,
        JSON.stringify(doc),
      ])
    }
  })
}

/** What the triggers would have kept. */
function sumUp(connection: Connection): void {
  for (const table of ['appointments', 'notifications'])
    for (const [scope, name, also] of [
      ['all', `''`, ''],
      ['agenda', `coalesce(counted_agenda, '')`, ''],
      ['motif', `coalesce(counted_motif, '')`, ''],
      ['lead', 'counted_lead', 'and counted_lead is not null'],
    ] as const)
      connection.exec(
        `insert into daily_counts (clinic_id, scope, name, day, counted_as, number) select clinic_id, '${scope}', ${name}, counted_day, counted_as, count(*)
         from ${table} where counted_as is not null ${also} group by clinic_id, ${name}, counted_day, counted_as`,
      )
  const hours = `insert into usage_hours (clinic_id, hour_at, channel, automatic, refused, currency, messages, segments, price)
    values (?, ?, 'sms', 1, 0, 'CAD', 30, 30, 2250)`
  for (let day = -365; day < 0; day += 1)
    for (let hour = 0; hour < 8; hour += 1) connection.query(hours, [clinicId, (today + day * DAY + hour * 3_600_000) * 1000])
  progress('sums', 1, 1)
}

function progress(what: string, done: number, of: number): void {
  process.stderr.write(`${what}: ${Math.min(done, of).toLocaleString('en')} of ${of.toLocaleString('en')}\n`)
}

if (values.help || values.to === undefined) process.stdout.write(help)
else await seed(values.to)
