import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { Appointment } from '../../core/appointment.ts'
import { appointmentId } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { ConnectorId, Envelope } from '../../core/envelope.ts'
import { evolve } from '../../core/evolve.ts'
import { type PatientId, patientId } from '../../core/patient.ts'
import type { Archive } from '../../store/port/archive.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { idFrom } from '../ids.ts'
import type { Source } from '../intake/apply.ts'
import { type Ingest, isReplayable } from '../intake/ingest.ts'
import type { Working } from '../job.ts'
import { breathe } from '../job.ts'
import { bodyOf } from '../quarantine/acts.ts'

export interface ReplayDeps {
  readonly store: Store
  readonly archive: Pick<Archive, 'get'>
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'id' | 'read'>>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly ingest: Pick<Ingest, 'replay'>
  readonly clock: Clock
}

export interface ReplayAsked {
  readonly connectorId: ConnectorId
  /** Of arrivals: from included, until not. */
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  /** Only tells what would change. */
  readonly dry: boolean
}

/** What came of it, or would. */
export interface Replayed {
  /** Messages looked at. */
  readonly looked: number
  /** Understood by the mapping of now. */
  readonly read: number
  /** Understood once, and not now: left as they are. */
  readonly unreadable: number
  /** Without an appointment, put aside, or hints that only their EHR could answer. */
  readonly without: number
  /** Their bytes are gone. */
  readonly gone: number
  /** Dry: appointments that would be new, and those that would be another. */
  readonly fresh: number
  readonly changed: number
  /** Dry: records that would be merged into another. */
  readonly merged: number
  /** Dry: of those appointments, how many in which aspect. */
  readonly aspects: Readonly<Record<string, number>>
  /** More appointments than are looked at in one go: the figures are of the first. */
  readonly cut: boolean
}

const slice = 50
const mostAppointments = 50_000

type Counts = { -readonly [K in keyof Replayed]: Replayed[K] } & { aspects: Record<string, number> }

/**
 * Reads what a connector received in that time again, by the mapping of now. In earnest each message is an import: the appointment takes what it says, and
 * nobody is told. Dry, the same words are laid over the appointments as they stand, and only counted.
 */
export async function replay(deps: ReplayDeps, asked: ReplayAsked, working: Working<Replayed>): Promise<Replayed> {
  const { store, archive } = deps
  const counts: Counts = {
    looked: 0,
    read: 0,
    unreadable: 0,
    without: 0,
    gone: 0,
    fresh: 0,
    changed: 0,
    merged: 0,
    aspects: {},
    cut: false,
  }
  const seen = new Map<string, Seen>()
  const merges = new Map<PatientId, PatientId>()
  const until = idFrom(asked.until)
  const span = asked.until.epochMilliseconds - asked.from.epochMilliseconds
  for (let from = idFrom(asked.from); working.isGoing(); ) {
    const rows = await store.read((tx) => tx.inbox.arrived({ from, until, limit: slice }))
    for (const row of rows) {
      if (row.envelope.connectorId !== asked.connectorId || row.state === 'retried' || row.state === 'quarantined') continue
      counts.looked += 1
      const body = isReplayable(row) ? await bodyOf(row, archive) : undefined
      if (!isReplayable(row)) counts.without += 1
      else if (!body || body.length === 0) counts.gone += 1
      else if (asked.dry) await lay(deps, row, body, { seen, merges, counts })
      else await bring(deps, row, body, counts)
    }
    const last = rows.at(-1)
    if (!last || rows.length < slice) break
    from = `${last.id}\0`
    working.tell(span === 0 ? 1 : (last.envelope.receivedAt.epochMilliseconds - asked.from.epochMilliseconds) / span, told(counts, seen))
    await breathe()
  }
  return told(counts, seen)
}

/** An appointment as it stands, and as it would. */
interface Seen {
  readonly before: Appointment | undefined
  now: Appointment
  readonly aspects: Set<string>
}

/** What a dry run keeps beside the store, which it does not touch. */
interface Dry {
  readonly seen: Map<string, Seen>
  /** Records that the words of this run would merge, each into which. */
  readonly merges: Map<PatientId, PatientId>
  readonly counts: Counts
}

async function lay(deps: ReplayDeps, row: InboxRow, body: Uint8Array, dry: Dry): Promise<void> {
  const { counts } = dry
  const envelope: Envelope = { ...row.envelope, body }
  const result = deps.connectors.get(envelope.connectorId)?.read(envelope)
  if (!result || result.kind === 'hint' || result.kind === 'ignored') counts.without += 1
  else if (result.kind === 'unreadable') counts.unreadable += 1
  else {
    counts.read += 1
    for (const news of result.news ?? []) if (news.kind === 'merge') await layMerge(deps, row, news, dry)
    for (const change of result.changes) await layChange(deps, row, change, dry)
  }
}

/** As a merge would be acted on: one that has been made already, or that leads in a circle, is none. */
async function layMerge(
  { store }: ReplayDeps,
  { envelope: { connectorId } }: InboxRow,
  named: { readonly prior: string; readonly survivor: string },
  { merges, counts }: Dry,
): Promise<void> {
  const prior = patientId(connectorId, named.prior)
  const [standing, survivor] = await store.read(async (tx) => [
    await survivorOf(tx, prior, merges),
    await survivorOf(tx, patientId(connectorId, named.survivor), merges),
  ])
  if (standing !== prior || survivor === prior) return
  merges.set(prior, survivor)
  counts.merged += 1
}

/** After the merges of the store, and those of this run. */
async function survivorOf(tx: Transaction, id: PatientId, merges: Dry['merges']): Promise<PatientId> {
  const stored = await tx.patients.survivorOf(id)
  const further = merges.get(stored)
  return further === undefined ? stored : survivorOf(tx, further, merges)
}

/** Said of the record that stands for it now, as the intake hears it. */
async function ofSurvivor(
  tx: Transaction,
  change: AppointmentChange,
  connectorId: ConnectorId,
  merges: Dry['merges'],
): Promise<AppointmentChange> {
  if (!change.patient) return change
  const survivor = await survivorOf(tx, patientId(connectorId, change.patient.ehrId), merges)
  return { ...change, patient: { ...change.patient, ehrId: survivor.slice(connectorId.length + 1) } }
}

async function layChange(
  { store, sources, clock }: ReplayDeps,
  row: InboxRow,
  change: AppointmentChange,
  { seen, merges, counts }: Dry,
): Promise<void> {
  const { connectorId } = row.envelope
  const source = sources.get(connectorId)
  if (!source) return
  const id = appointmentId(connectorId, change.ehrId)
  const known = seen.get(id)
  if (!known && seen.size >= mostAppointments) {
    counts.cut = true
    return
  }
  const [stored, said] = await store.read(async (tx) => [await tx.appointments.find(id), await ofSurvivor(tx, change, connectorId, merges)])
  const before = known ? known.now : stored
  const { appointment, changed } = evolve(before, said, {
    connectorId,
    clinicId: source.clinicId,
    zone: source.zone,
    now: clock.now(),
    onePerson: true,
  })
  const at = known ?? { before, now: appointment, aspects: new Set<string>() }
  at.now = appointment
  for (const aspect of changed) at.aspects.add(aspect)
  seen.set(id, at)
}

async function bring({ ingest }: ReplayDeps, row: InboxRow, body: Uint8Array, counts: Counts): Promise<void> {
  const receipt = await ingest.replay(row.id, body)
  if (!receipt) counts.unreadable += 1
  else if (receipt.disposition === 'applied') counts.read += 1
  else counts.without += 1
}

function told(counts: Counts, seen: ReadonlyMap<string, Seen>): Replayed {
  const aspects: Record<string, number> = {}
  let [fresh, changed] = [0, 0]
  for (const each of seen.values()) {
    if (!each.before) fresh += 1
    else if (each.aspects.size > 0) {
      changed += 1
      for (const aspect of each.aspects) aspects[aspect] = (aspects[aspect] ?? 0) + 1
    }
  }
  return { ...counts, fresh, changed, aspects }
}
