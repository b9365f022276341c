import { Temporal } from 'temporal-polyfill'
import { createFeed } from '../../../src/server/feed/feed.ts'
import { createIngest } from '../../../src/server/intake/ingest.ts'
import { createLog } from '../../../src/server/log.ts'
import { createMetrics } from '../../../src/server/metrics.ts'
import type { Store } from '../../../src/store/store.ts'
import { agendaSettings, bookedChange, clinicSettings } from '../../support/clinic.ts'
import { fakeConnector, manualClock, memoryArchive } from '../../support/fakes.ts'
import type { Server } from './database.ts'

const ehr = fakeConnector('tilleuls')
const clinics = 200
/** The clinic of the n-th copy, whose EHR bears its name. */
const ownClinic = `'clinic' || lpad((n % ${clinics})::text, 3, '0')`
const settings = clinicSettings({ agendas: { moreau: agendaSettings({ email: false, push: false }) } })

/** What each of several nodes in this process is made of. */
export function makings(store: Store) {
  const clock = manualClock('2026-11-25T15:00:00Z')
  return {
    store,
    archive: memoryArchive(),
    connectors: new Map([[ehr.id, ehr]]),
    sources: new Map([
      [ehr.id, { connectorId: ehr.id, clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }],
    ]),
    clock,
    log: createLog('silent', () => undefined),
    metrics: createMetrics(),
    publicUrl: 'https://rdv.example',
    retries: [Temporal.Duration.from('PT30S')],
    sendTimeout: Temporal.Duration.from('PT5S'),
  }
}

/**
 * So many appointments in two hundred clinics, of as many patients with a number each, of whom each is owed one text now: one is heard of, and the
 * rest are copied from its rows.
 */
export async function seedDue(store: Store, server: Server, database: string, count: number): Promise<void> {
  const deps = makings(store)
  await store.transact((tx) => tx.settings.save(settings, deps.clock.now()))
  await server.query(
    database,
    `insert into settings (clinic_id, version, saved_at, source, doc)
    select ${ownClinic}, version, saved_at, source, replace(doc, 'tilleuls', ${ownClinic}) from settings, generate_series(0, ${clinics - 1}) as n`,
  )
  const ingest = createIngest({
    ...deps,
    feed: createFeed(deps),
    planned: () => undefined,
    hinted: () => undefined,
  })
  const change = bookedChange({ ehrId: 'K0000000' })
  await ingest.receive(
    ehr.envelope({
      kind: 'changes',
      changes: [{ ...change, ...(change.patient && { patient: { ...change.patient, ehrId: 'Q0000000' } }) }],
    }),
  )
  await server.query(database, "delete from notifications where state <> 'planned' or pending_at > $1", [
    deps.clock.now().epochMilliseconds * 1_000,
  ])
  for (const table of copied) await server.query(database, copySql(table, await columnsOf(server, database, table)), [count])
  // the first one is not of them
  for (const table of copied) await server.query(database, `delete from ${table} where doc like '%tilleuls%' and doc like '%0000000%'`)
}

const copied = ['patients', 'appointments', 'told', 'notifications'] as const

async function columnsOf(server: Server, database: string, table: string) {
  return server.query(
    database,
    "select column_name as name, data_type as type from information_schema.columns where table_name = $1 and is_generated = 'NEVER'",
    [table],
  )
}

/** Each text of the row names its own appointment, patient, number and clinic instead. */
function copySql(table: string, columns: readonly Record<string, unknown>[]): string {
  const names = columns.map(({ name }) => String(name)).join(', ')
  const own = [
    ["'K0000000'", "'K' || lpad(n::text, 7, '0')"],
    ["'Q0000000'", "'Q' || lpad(n::text, 7, '0')"],
    ["'+14185550177'", "'+1418' || (2000000 + n)::text"],
    ["'tilleuls'", ownClinic],
  ]
  const spelt = (column: string) => own.reduce((text, [from, to]) => `replace(${text}, ${from}, ${to})`, column)
  const values = columns.map(({ name, type }) => (type === 'text' ? spelt(String(name)) : String(name))).join(', ')
  return `insert into ${table} (${names}) select ${values} from ${table}, generate_series(1, $1::int) as n`
}
