import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { Appointment } from '../../core/appointment.ts'
import { appointmentId } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { Difference, Reconciliation } from '../../core/reconcile.ts'
import { reconcile as compare } from '../../core/reconcile.ts'
import type { Config } from '../config/config.ts'
import { hasStore, nameOfStore } from '../config/store.ts'
import { plain } from '../mapping/change-said.ts'
import type { Command, Composition, ExitStatus, Surroundings } from './command.ts'
import { readArgs } from './command.ts'
import type { Hl7Config } from './connector-asked.ts'
import { hl7ConnectorAsked } from './connector-asked.ts'
import { handOver } from './hand-over.ts'
import { sayHandedOver } from './import.ts'
import type { Load } from './load.ts'
import { loadFile } from './load.ts'
import { Refusal } from './refusal.ts'
import { ServiceFailure, serviceClient } from './service-client.ts'

const help = `usage: rappel reconcile --connector ID FILE [--days N] [--apply] [--json] [--service ADDRESS] [--config FILE]
Compares the EHR's own list of the days ahead, HL7 v2 or CSV like rappel import, with what its feed has told us: appointments that are missing
here, missing there, or stand otherwise. What the feed said after the list was written is no difference.

  --connector  whose appointments they are
  --days       how many days ahead the list holds; 14 unless given
  --apply      hands over what is missing here or stands otherwise, as if the lost message came now: patients are told what they were not told.
               What is missing there is never cancelled by it: a person looks
  --json       the same for machines
  --service    http://HOST:PORT of the running service, for --apply; by default where the configuration has it listen

exit status: 0 they agree, or what could be applied was · 1 they differ, or it failed · 2 wrong configuration, file or command
· 3 there is no store yet, or the service does not answer
`

const flags = {
  connector: { type: 'string' },
  days: { type: 'string', default: '14' },
  apply: { type: 'boolean' },
  json: { type: 'boolean' },
  service: { type: 'string' },
  config: { type: 'string' },
} as const

export const reconcile: Command = {
  name: 'reconcile',
  summary: `rappel reconcile --connector ID FILE [--apply] [--config FILE]
                                  compares the EHR's list of the days ahead with what its feed told`,
  help,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(reconcile, args, flags, [1, 1])
    const { defaultConfig, readConfig, composition, now, print, complain } = surroundings
    const file = positionals[0] ?? ''
    const days = daysIn(values.days)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    const asked = hl7ConnectorAsked(config, values.connector)
    const client = values.apply ? serviceClient(config, asked, values.service) : undefined
    if (!hasStore(config.store)) {
      complain(`${nameOfStore(config.store)}: there is no store yet, so nothing to compare with\n`)
      return 3
    }
    const load = await loadFile(file, await composition.hl7Tools())
    const [connector, source] = [composition.connectorsOf(config).get(asked.id), composition.sourcesOf(config).get(asked.id)]
    if (!connector || !source) throw new Error(`no connector or source for ${asked.id}`)
    const words = wordsIn(load, connector, now())
    const span = { from: now(), until: now().add({ hours: 24 * days }) }
    const said = words.flatMap(({ changes }) => changes)
    const held = await heldIn(config, asked, composition, span.from, new Set(said.map(({ ehrId }) => ehrId)))
    const result = compare(held, said, { ...source, now: now() }, span)
    const unread = load.faults.length + words.filter(({ changes }) => changes.length === 0).length
    print(values.json ? `${JSON.stringify({ ...result, unread }, undefined, 2)}\n` : sayReconciliation(result, unread, asked.zone))
    if (!client) return result.differences.length + unread > 0 ? 1 : 0
    // of what is missing there the list has no word that could be handed over
    const lost = new Set(result.differences.map(({ ehrId }) => ehrId))
    const bodies = words.filter(({ changes }) => changes.some(({ ehrId }) => lost.has(ehrId))).map(({ body }) => body)
    return apply({ ...load, bodies }, client, surroundings)
  },
}

function daysIn(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1) return Number(text)
  throw new Refusal('--days is 1 to 999')
}

interface Word {
  readonly body: Uint8Array
  readonly changes: readonly AppointmentChange[]
}

function wordsIn({ bodies, mediaType }: Load, connector: Connector, now: Temporal.Instant): readonly Word[] {
  return bodies.map((body) => {
    const result = connector.read({ connectorId: connector.id, receivedAt: now, mediaType, body })
    return { body, changes: result.kind === 'changes' ? result.changes : [] }
  })
}

const page = 500

/** What we hold of one connector ahead, and whatever else the list names: one that was moved is met by its id. */
async function heldIn(
  config: Config,
  { id, clinic }: Hl7Config,
  { openStore }: Composition,
  from: Temporal.Instant,
  listed: ReadonlySet<string>,
): Promise<readonly Appointment[]> {
  const store = await openStore(config)
  const held = new Map<string, Appointment>()
  try {
    for (let after: string | undefined, more = true; more; ) {
      const rows = await store.read((tx) => tx.appointments.ahead(clinic, from, after, page))
      for (const row of rows) if (row.connectorId === id) held.set(row.ehrId, row)
      after = rows.at(-1)?.id
      more = rows.length === page
    }
    for (const ehrId of listed) {
      const found = held.has(ehrId) ? undefined : await store.read((tx) => tx.appointments.find(appointmentId(id, ehrId)))
      if (found) held.set(ehrId, found)
    }
    return [...held.values()]
  } finally {
    await store.close()
  }
}

async function apply(
  load: Load,
  client: ReturnType<typeof serviceClient>,
  { stopSignal, print, complain }: Surroundings,
): Promise<ExitStatus> {
  try {
    const done = await handOver(load, 'late', client, () => {}, stopSignal())
    print(`${sayHandedOver(done, 0)}\n`)
    return done.unreadable.size > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    complain(`${error.message}\n`)
    return error.status
  }
}

const titles: Readonly<Record<Difference['kind'], string>> = {
  missing_here: 'missing here',
  differs: 'differs',
  missing_there: 'missing there',
}

function sayReconciliation({ differences, agreeing }: Reconciliation, unread: number, zone: string): string {
  const say = ({ status, start }: { readonly status: string; readonly start?: Temporal.Instant }) =>
    [start?.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }), status].filter(Boolean).join(' ')
  const lines = differences.map((each) => {
    const here = 'here' in each ? `here ${say(each.here)}` : ''
    const there = 'there' in each ? `there ${say(each.there)}` : ''
    const aspects = each.kind === 'differs' ? `(${each.aspects.join(', ')})` : ''
    return [titles[each.kind].padEnd(14), plain(each.ehrId), here, there, aspects].filter(Boolean).join('  ')
  })
  const count = (kind: Difference['kind']) => differences.filter((each) => each.kind === kind).length
  const sums = [
    `${agreeing} agree`,
    ...(['missing_here', 'differs', 'missing_there'] as const).map((kind) => `${count(kind)} ${titles[kind]}`),
  ]
  return `${[...lines, [...sums, ...(unread > 0 ? [`${unread} not read`] : [])].join(', ')].join('\n')}\n`
}
