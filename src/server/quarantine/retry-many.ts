import type { Caller } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Transaction } from '../../store/store.ts'
import type { Job, Jobs, Working } from '../job.ts'
import { breathe } from '../job.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { type QuarantineDeps, retryOne } from './acts.ts'

/** What two messages have in common that failed for one reason; absent: of any. */
export interface FaultAsked {
  readonly code?: string | undefined
  /** The place in the words of the standard: `SCH-25`. */
  readonly at?: string | undefined
}

export interface RetryAsked extends FaultAsked {
  readonly connectorId: ConnectorId
}

export interface Retried {
  /** Of this connector and fault, so far. */
  readonly looked: number
  readonly read: number
  /** Unreadable still. */
  readonly left: number
  /** Their bytes are gone, or somebody else was faster. */
  readonly gone: number
  /** There were more than one run takes: start it again. */
  readonly cut: boolean
}

/** Of one run, looked at and read again; whatever else is in quarantine counts too. */
const most = 10_000
const portion = 100

export function isOfFault({ fault, reason }: Pick<InboxRow, 'fault' | 'reason'>, { code, at }: FaultAsked): boolean {
  return (code === undefined || code === (fault?.code ?? reason)) && (at === undefined || at === (fault?.at ?? ''))
}

/** What is alike with one message. */
export function faultOf({ envelope, fault, reason }: Pick<InboxRow, 'envelope' | 'fault' | 'reason'>): RetryAsked {
  return { connectorId: envelope.connectorId, code: fault?.code ?? reason ?? '', at: fault?.at ?? '' }
}

const nameOf = (connectorId: ConnectorId): string => `quarantine ${connectorId}`

export function retryJob(jobs: Jobs, connectorId: ConnectorId): Job<Retried> | undefined {
  return jobs.of<Retried>(nameOf(connectorId))
}

/** In the background, one of each connector at a time; who asked and what came of it is written down. False: one runs. */
export function startRetry(deps: QuarantineDeps & { readonly jobs: Jobs }, asked: RetryAsked, caller: Caller): boolean {
  const { store, clock, jobs } = deps
  return jobs.start<Retried>(nameOf(asked.connectorId), actorOf(caller), async (working) => {
    const retried = await retryMany(deps, asked, caller, working)
    const { connectorId, code, at } = asked
    const detail = { ...retried, ...(code !== undefined && { code }), ...(at !== undefined && { at }) }
    await store.transact((tx) =>
      tx.audit.append({ at: clock.now(), actor: actorOf(caller), action: 'quarantine.retried', subject: connectorId, detail }),
    )
    return retried
  })
}

/** Each once: from the newest that waits to the oldest, so that one which comes back unread is not met again. Done twice, the second finds what is left. */
async function retryMany(deps: QuarantineDeps, asked: RetryAsked, caller: Caller, working: Working<Retried>): Promise<Retried> {
  const { store } = deps
  const total = Math.min(most, (await store.read((tx) => tx.inbox.countByState())).quarantined ?? 0)
  let retried: Retried = { looked: 0, read: 0, left: 0, gone: 0, cut: false }
  let before: string | undefined
  for (let passed = 0; working.isGoing(); ) {
    const rows = await store.read((tx) => nextOf(tx, before))
    for (const row of rows) {
      before = row.id
      passed += 1
      if (row.envelope.connectorId !== asked.connectorId || !isOfFault(row, asked)) continue
      if (!working.isGoing()) return retried
      retried = counted(retried, (await retryOne(deps, row.id, caller))?.disposition)
      working.tell(total === 0 ? 1 : Math.min(1, passed / total), retried)
      await breathe()
    }
    if (rows.length < portion) return retried
    if (passed >= most) return { ...retried, cut: true }
  }
  return retried
}

function nextOf(tx: Transaction, before: string | undefined): Promise<readonly InboxRow[]> {
  return tx.inbox.quarantined({ limit: portion, ...(before !== undefined && { before }) })
}

function counted(retried: Retried, disposition: string | undefined): Retried {
  const became = disposition === undefined ? 'gone' : disposition === 'quarantined' ? 'left' : 'read'
  return { ...retried, looked: retried.looked + 1, [became]: retried[became] + 1 }
}
