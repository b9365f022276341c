import { Temporal } from 'temporal-polyfill'
import type { Connector, Receive } from '../../connectors/connector.ts'
import type { ConnectorId, Fault } from '../../core/envelope.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Store } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import { eachAtOnce } from './at-once.ts'
import { type Resting, restWhereSilent } from './resting.ts'

export interface ReadBackDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clock: Clock
  readonly log: Log
  /** Takes what the EHR answered, like any other word of it. */
  readonly receive: Receive
  /** An EHR said that more changed than it names. */
  readonly polled?: (connector: ConnectorId) => void
}

const batch = 20

/** An EHR that does not answer must not keep the hints of another one waiting. */
const atOnce = 8

/** The loop that asks the EHRs about their hints (FHIR-SUB-3). */
export function createReadBack(deps: ReadBackDeps): Work {
  const { store, clock } = deps
  const resting = restWhereSilent()
  return {
    name: 'read-back',
    async step(signal) {
      const rows = await store.transact((tx) => tx.inbox.take(clock.now(), batch))
      await eachAtOnce(rows, atOnce, signal, (row) => followSafely(deps, resting, row, signal))
      return rows.length === batch
    },
    nextDueAt: () => store.read((tx) => tx.inbox.nextDueAt()),
  }
}

const fault: Fault = { kind: 'content', code: '207', text: 'this hint could not be followed: kept, and to be looked at' }

/** Tries of a hint on which the connector itself fails, before a person must look (R19). */
const poisonTries = 3

/** A connector that throws is a bug: its hint is put off, then kept in quarantine, and holds up no other. */
async function followSafely(deps: ReadBackDeps, resting: Resting, row: InboxRow, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = deps
  try {
    await followHint(deps, resting, row, signal)
  } catch (error) {
    if (error instanceof StoreUnavailable || signal.aborted) throw error
    log.error('read_back_failed', { connector: row.envelope.connectorId, count: row.tries + 1, ref: row.id, error })
    const at = clock.now()
    await store.transact((tx) =>
      row.tries + 1 < poisonTries
        ? tx.inbox.defer(row.id, at.add(waitAfter(row.tries)), 'internal_error')
        : tx.inbox.settle(row.id, { state: 'quarantined', reason: fault.code, fault, at }),
    )
  }
}

/** Waits before a hint is read back again, the last one for ever: the EHR will be there one day. */
const patience = [2, 5, 15, 60, 300] as const

const longestWait = Temporal.Duration.from({ hours: 1 })

/** Ours, or the EHR's own where that is longer, within reason. */
function waitAfter(tries: number, retryAfter?: Temporal.Duration): Temporal.Duration {
  const ours = Temporal.Duration.from({ seconds: patience[Math.min(tries, patience.length - 1)] ?? 300 })
  if (!retryAfter || Temporal.Duration.compare(retryAfter, ours) <= 0) return ours
  return Temporal.Duration.compare(retryAfter, longestWait) <= 0 ? retryAfter : longestWait
}

async function followHint(deps: ReadBackDeps, resting: Resting, row: InboxRow, signal: AbortSignal): Promise<void> {
  const { store, clock, log, receive, polled } = deps
  const { connectorId } = row.envelope
  const rest = resting.until(connectorId)
  if (rest && Temporal.Instant.compare(clock.now(), rest) < 0)
    return store.transact((tx) => tx.inbox.defer(row.id, rest, 'the EHR is silent'))
  const answer = await connectorOf(deps, row).readBack(row.envelope, signal)
  if (answer.kind !== 'deferred') resting.answered(connectorId)
  switch (answer.kind) {
    case 'read': {
      for (const envelope of answer.envelopes) await receive(envelope)
      if (answer.poll) polled?.(connectorId)
      const state = answer.envelopes.length > 0 ? ('applied' as const) : ('ignored' as const)
      return store.transact((tx) => tx.inbox.settle(row.id, { state, reason: `read_back ${answer.envelopes.length}`, at: clock.now() }))
    }
    case 'refused':
      return store.transact((tx) =>
        tx.inbox.settle(row.id, { state: 'quarantined', reason: answer.fault.code, fault: answer.fault, at: clock.now() }),
      )
    case 'deferred': {
      if (signal.aborted) return
      const nextTryAt = clock.now().add(waitAfter(row.tries, answer.retryAfter))
      log.warn('read_back_deferred', { connector: connectorId, reason: answer.reason, count: row.tries + 1, ref: row.id })
      if (resting.silent(connectorId, clock.now())) log.warn('ehr_silent', { connector: connectorId, reason: answer.reason })
      return store.transact((tx) => tx.inbox.defer(row.id, nextTryAt, answer.reason))
    }
    default:
      return answer satisfies never
  }
}

function connectorOf({ connectors }: ReadBackDeps, { envelope }: InboxRow): Connector {
  const connector = connectors.get(envelope.connectorId)
  if (!connector) throw new Error(`no connector ${envelope.connectorId}`)
  return connector
}
