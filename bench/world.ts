import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../src/core/change.ts'
import type { Settings } from '../src/core/settings.ts'
import type { Store } from '../src/store/store.ts'
import { built } from './built.ts'

const { openSqlite } = await built<typeof import('../src/store/sqlite.ts')>('store/sqlite.js')
const { connect } = await built<typeof import('../src/store/sqlite-connection.ts')>('store/sqlite-connection.js')
const { applyChange } = await built<typeof import('../src/server/intake/apply.ts')>('server/intake/apply.js')
const { systemClock } = await built<typeof import('../src/server/clock.ts')>('server/clock.js')
const { ofys } = await built<typeof import('../src/core/cadences.ts')>('core/cadences.js')

const clinicId = 'bench'
const source = { connectorId: 'ehr', clinicId, zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }
/** From a booking until its message is due. */
export const graceMs = 5_000

/** Only a text at the booking: one appointment is one message. */
const settings: Settings = {
  version: 1,
  clinic: { id: clinicId, name: 'Clinique du Banc', phone: '418 555-0140', zone: 'America/Toronto', language: 'fr' },
  communications: true,
  smsActivated: true,
  channelPolicy: 'email_and_sms',
  smsToUnknown: true,
  cadence: { ...ofys, confirmation: ['sms'], steps: [] },
  grace: Temporal.Duration.from({ milliseconds: graceMs }),
  cancelUndo: Temporal.Duration.from('PT5M'),
  settingsEnabled: true,
  dailyCap: 6,
  fuse: { least: 50, factor: 5, agendas: 3 },
  absence: { least: 5, within: Temporal.Duration.from('PT10M') },
  smsPrices: [{ from: '2000-01-01', perSegment: 75, currency: 'CAD' }],
  senders: [],
  consent: 'implied',
  sites: {},
  agendas: {},
  motifs: { M: { type: 'onsite', notify: true, listed: true, confirmation: true, changes: true, reminder: true } },
  patients: {},
}

const on = { confirmation: true, reminder: true, change: true }

export interface World {
  readonly store: Store
  /** A booking of another patient each, planned as the intake does; when it is due. */
  book(): Promise<number>
  /** How many were booked. */
  booked(): number
  /** The clinic has so many agendas from now on. */
  withAgendas(count: number): Promise<void>
  /** Notifications that fall due long after; copies of one that was planned. */
  fillNotifications(count: number): Promise<void>
  /** Appointments, each with a patient of its own; copies of one that was booked. */
  fillAppointments(count: number): Promise<void>
}

/** A clinic in a new store of this folder. */
export async function openWorld(folder: string): Promise<World> {
  const path = join(folder, 'rappel.db')
  const store = await openSqlite({ path })
  let next = 0
  let agendas = 1

  async function book(): Promise<number> {
    const index = next++
    const now = systemClock.now()
    const change: AppointmentChange = {
      ehrId: `A${index}`,
      stamp: { at: now },
      status: { value: 'booked' },
      time: { start: now.add({ hours: 72 + (index % 100) }) },
      agenda: { key: `A${index % agendas}` },
      motif: { key: 'M' },
      modality: { value: 'onsite' },
      // by the patient: such a confirmation is not kept from the night
      origin: 'patient_online',
      patient: {
        ehrId: `P${index}`,
        name: { given: 'Anne', family: 'Roy' },
        language: 'fr',
        contacts: [{ kind: 'phone', value: `+1418${String(2_000_000 + index)}`, mobile: 'yes' }],
      },
      warnings: [],
    }
    await store.transact((tx) => applyChange(tx, change, source, now, `bench:${index}`))
    return now.epochMilliseconds + graceMs
  }

  async function withAgendas(count: number): Promise<void> {
    agendas = count
    const all = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`A${index}`, { live: true, switches: { email: on, sms: on, push: on } }]),
    )
    await store.transact(async (tx) => {
      const before = await tx.settings.current(clinicId)
      await tx.settings.save({ ...settings, agendas: all, version: (before?.version ?? 0) + 1 }, systemClock.now())
    })
  }

  /** Rows of the table made of one that is there, `from` the number of those to `count`. */
  async function fill(table: string, count: number, copy: (from: number) => string): Promise<void> {
    if (next === 0) await book()
    const connection = await connect({ path })
    const before = Number(connection.query(`select count(*) as rows from ${table}`)[0]?.rows)
    if (before < count)
      connection.exec(`with recursive n(i) as (select ${before} union all select i + 1 from n where i < ${count - 1}) ${copy(before)}`)
    connection.query('pragma wal_checkpoint(truncate)')
    connection.close()
  }

  return {
    store,
    book,
    booked: () => next,
    withAgendas,
    fillNotifications: (count) =>
      fill(
        'notifications',
        count,
        () => `insert into notifications (id, clinic_id, appointment_id, pending_at, agenda_key, state, changed_at, doc)
          select 'ehr:F' || i || substr(id, instr(id, ':confirmation')), clinic_id, 'ehr:F' || i, pending_at + 864000000000 + (i * 7919 % 1000000) * 1000000,
            agenda_key, state, changed_at, doc from n, (select * from notifications where id like 'ehr:A0:%')`,
      ),
    fillAppointments: async (count) => {
      for (const table of ['patients', 'appointments']) {
        const columns = await columnsOf(path, table)
        const values = columns.map((column) => copied[`${table}.${column}`] ?? column)
        await fill(
          table,
          count,
          () =>
            `insert into ${table} (${columns.join()}) select ${values.join()} from n, (select * from ${table} where id = 'ehr:${table === 'patients' ? 'P' : 'A'}0')`,
        )
      }
    },
  }
}

/** What makes a copy another one; the other columns are as they were. */
const copied: Readonly<Record<string, string>> = {
  'patients.id': `'ehr:G' || i`,
  'patients.phones': `replace(phones, '+14182000000', '+1581' || (2000000 + i))`,
  'patients.doc': `replace(doc, '+14182000000', '+1581' || (2000000 + i))`,
  'appointments.id': `'ehr:G' || i`,
  'appointments.patient_id': `'ehr:G' || i`,
  'appointments.start_at': `start_at + (i * 7919 % 31536000) * 1000000`,
}

async function columnsOf(path: string, table: string): Promise<readonly string[]> {
  const connection = await connect({ path, readonly: true })
  try {
    return connection.query(`pragma table_info(${table})`).map(({ name }) => String(name))
  } finally {
    connection.close()
  }
}
