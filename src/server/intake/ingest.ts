import type { Connector, ReadResult, Receipt, Receive } from '../../connectors/connector.ts'
import type { ConnectorId, Envelope, Fault } from '../../core/envelope.ts'
import type { Sighting } from '../../core/feed/time-shift.ts'
import type { InboxRow, InboxState, Settlement } from '../../store/port/inbox.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Feed } from '../feed/feed.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import type { Metrics } from '../metrics.ts'
import type { Source } from './apply.ts'
import { applyChange } from './apply.ts'
import { applyNews } from './news.ts'
import { createReadBack } from './read-back.ts'

export interface IngestDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Called after a commit: notifications or write-backs may be due. */
  readonly planned: () => void
  /** Called after a commit: a hint waits to be read back. */
  readonly hinted: () => void
  /** An EHR said that more changed than it names; absent: nobody polls. */
  readonly polled?: (connector: ConnectorId) => void
  /** Listens to how each feed speaks; absent: nobody does. */
  readonly feed?: Pick<Feed, 'heard'>
}

export interface Ingest {
  readonly receive: Receive
  /** Reads a quarantined envelope again, after a mapping was mended; a new row says what came of it. */
  retry(id: string, body: Uint8Array): Promise<Receipt | undefined>
  /** Reads again what was settled before, by the mapping of now: as an import, so that nobody is told of it. Undefined: nothing was changed, since it is not settled, was put aside, or cannot be read now. */
  replay(id: string, body: Uint8Array): Promise<Receipt | undefined>
  /** The loop that reads hints back from the EHR. */
  readonly readBack: Work
}

/** Beyond it whoever comes is told to come again, by 503 or by no acknowledgement, instead of waiting in our memory (R20). */
const mostAtOnce = 1_000

/** HL7: one pass, one commit, then the answer. FHIR: the hint is committed and answered; the rest follows in the loop. */
export function createIngest(deps: IngestDeps): Ingest {
  const { clock, metrics } = deps

  let inHand = 0

  async function receive(envelope: Envelope): Promise<Receipt> {
    if (inHand >= mostAtOnce) throw new StoreUnavailable('more comes in at once than can be kept')
    inHand += 1
    try {
      return await take(envelope)
    } finally {
      inHand -= 1
    }
  }

  async function take(envelope: Envelope): Promise<Receipt> {
    const connector = connectorOf(deps, envelope.connectorId)
    const result = readSafely(deps, connector, envelope)
    // by appointment: a transaction may be run again
    const sightings = new Map<string, Sighting>()
    const receipt = await settle({ ...deps, sighted: (each) => sightings.set(each.appointmentId, each) }, envelope, result)
    // before anything is sent of it: what shows that a feed's clock has shifted holds its own notices
    await deps.feed?.heard(envelope, result, receipt.disposition === 'applied' ? [...sightings.values()] : [])
    metrics.received.inc({ connector: envelope.connectorId, disposition: receipt.duplicate ? 'duplicate' : receipt.disposition })
    metrics.lastReceived.set({ connector: envelope.connectorId }, Math.floor(clock.now().epochMilliseconds / 1000))
    if (receipt.disposition === 'accepted') deps.hinted()
    if (receipt.disposition === 'applied' && !receipt.duplicate) deps.planned()
    return receipt
  }

  return {
    receive,
    retry: (id, body) => readAgain(deps, id, body, { from: isQuarantined }),
    replay: (id, body) => readAgain(deps, id, body, { from: isReplayable, purpose: 'import' }),
    readBack: createReadBack({ ...deps, receive }),
  }
}

interface Settling extends IngestDeps {
  readonly sighted?: (sighting: Sighting) => void
}

function connectorOf({ connectors }: IngestDeps, id: ConnectorId): Connector {
  const connector = connectors.get(id)
  if (!connector) throw new Error(`no connector ${id}`)
  return connector
}

/** Of what fails for a reason of our own. */
const internal: Fault = { kind: 'content', code: '207', text: 'this message could not be read: kept, and to be looked at' }

/** A reader that throws is a bug; its message is kept all the same, and poisons nothing (R19). */
function readSafely({ log }: IngestDeps, connector: Connector, envelope: Envelope): ReadResult {
  try {
    return connector.read(envelope)
  } catch (error) {
    log.error('read_failed', { connector: connector.id, error })
    return { kind: 'unreadable', fault: internal }
  }
}

interface Again {
  /** Of which rows; looked at again in the commit. */
  readonly from: (row: InboxRow) => boolean
  readonly purpose?: 'import'
}

const isQuarantined = ({ state }: InboxRow): boolean => state === 'quarantined'

/** What a person put aside stays there. */
export function isReplayable({ state, reason }: Pick<InboxRow, 'state' | 'reason'>): boolean {
  return state === 'applied' || (state === 'ignored' && reason !== DISCARDED)
}

/** The reason of a row that a person put aside, though nobody could read it. */
export const DISCARDED = 'discarded'

/** Read anew in one commit with what it leaves: nothing is lost in between, and what fails stays where it was. */
async function readAgain(deps: IngestDeps, id: string, body: Uint8Array, { from, purpose }: Again): Promise<Receipt | undefined> {
  const { store, clock, log, planned, hinted } = deps
  const row = await store.read((tx) => tx.inbox.find(id))
  if (!row || !from(row)) return undefined
  const envelope = { ...row.envelope, body, ...(purpose && { purpose }) }
  const result = readSafely(deps, connectorOf(deps, envelope.connectorId), envelope)
  // what was understood once, and is not now, keeps what it brought
  if (purpose && (result.kind === 'unreadable' || result.kind === 'hint')) return undefined
  try {
    const receipt = await store.transact(async (tx) => {
      const now = await tx.inbox.find(id)
      if (!now || !from(now)) return undefined
      await tx.inbox.settle(id, { state: 'retried', at: clock.now() })
      return settleIn(tx, deps, envelope, sha256(body), result)
    })
    if (receipt?.disposition === 'accepted') hinted()
    if (receipt?.disposition === 'applied') planned()
    return receipt
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error('apply_failed', { connector: envelope.connectorId, error })
    return { disposition: 'quarantined', duplicate: false, fault: internal }
  }
}

/** Commits what the envelope means; if that fails for a reason of its own, commits it to quarantine. */
async function settle(deps: Settling, envelope: Envelope, result: ReadResult): Promise<Receipt> {
  const hash = sha256(envelope.body)
  try {
    return await deps.store.transact((tx) => settleIn(tx, deps, envelope, hash, result))
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    deps.log.error('apply_failed', { connector: envelope.connectorId, error })
    const { identity } = result
    const unapplied = { kind: 'unreadable', fault: internal, ...(identity !== undefined && { identity }) } as const
    return deps.store.transact((tx) => settleIn(tx, deps, envelope, hash, unapplied))
  }
}

async function settleIn(tx: Transaction, deps: Settling, envelope: Envelope, hash: string, result: ReadResult): Promise<Receipt> {
  const now = deps.clock.now()
  const twin = result.identity === undefined ? undefined : await tx.inbox.findDuplicate(envelope.connectorId, result.identity, hash)
  if (twin) return { disposition: dispositionOf(twin.state), duplicate: true, ...(twin.fault && { fault: twin.fault }) }
  const id = timeOrderedId(now)
  const row: InboxRow = {
    id,
    envelope,
    archived: false,
    ...(result.identity !== undefined && { identity: result.identity }),
    hash,
    state: 'received',
    tries: 0,
    nextTryAt: now,
  }
  if (result.kind === 'hint') {
    await tx.inbox.insert(row)
    return { disposition: 'accepted', duplicate: false }
  }
  const settlement = await settlementOf(tx, deps, envelope, id, result)
  await tx.inbox.insert({ ...row, ...settlement, settledAt: settlement.at })
  return { disposition: dispositionOf(settlement.state), duplicate: false, ...(settlement.fault && { fault: settlement.fault }) }
}

async function settlementOf(
  tx: Transaction,
  { sources, clock, sighted }: Settling,
  envelope: Envelope,
  id: string,
  result: Exclude<ReadResult, { kind: 'hint' }>,
): Promise<Settlement> {
  const at = clock.now()
  switch (result.kind) {
    case 'ignored':
      return { state: 'ignored', reason: result.reason, at }
    case 'unreadable':
      return { state: 'quarantined', reason: result.fault.code, fault: result.fault, at }
    case 'changes': {
      const source = sources.get(envelope.connectorId)
      if (!source) throw new Error(`no clinic for connector ${envelope.connectorId}`)
      const outcomes: string[] = []
      for (const news of result.news ?? []) outcomes.push(await applyNews(tx, news, { ...source, now: at, envelopeId: id }))
      for (const change of result.changes) outcomes.push(await applyChange(tx, change, source, at, id, envelope.purpose, sighted))
      const concernsNobody = outcomes.length > 0 && outcomes.every((outcome) => outcome.startsWith('no_'))
      return { state: concernsNobody ? 'ignored' : 'applied', reason: outcomes.join(' '), at }
    }
    default:
      return result satisfies never
  }
}

function dispositionOf(state: InboxState): Receipt['disposition'] {
  switch (state) {
    case 'received':
      return 'accepted'
    case 'retried':
      return 'quarantined'
    case 'applied':
    case 'ignored':
    case 'quarantined':
      return state
    default:
      return state satisfies never
  }
}
