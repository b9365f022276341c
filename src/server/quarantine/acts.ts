import type { Temporal } from 'temporal-polyfill'
import type { Receipt } from '../../connectors/connector.ts'
import type { Caller } from '../../core/access.ts'
import type { Archive } from '../../store/port/archive.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Ingest } from '../intake/ingest.ts'
import { DISCARDED } from '../intake/ingest.ts'
import { actorOf } from '../settings/edit-settings.ts'

export interface QuarantineDeps {
  readonly store: Store
  readonly archive: Pick<Archive, 'get'>
  readonly ingest: Pick<Ingest, 'retry'>
  readonly clock: Clock
}

/** Why a person puts aside what could not be read. Codes, so that no patient gets into the audit. */
export const discardReasons = ['test', 'not_ours', 'done_by_hand', 'sent_again', 'other'] as const
export type DiscardReason = (typeof discardReasons)[number]

export async function bodyOf(row: InboxRow, archive: Pick<Archive, 'get'>): Promise<Uint8Array | undefined> {
  return row.archived ? archive.get(row.id) : row.envelope.body
}

/** Reads one again, by the mapping of now. Undefined: it is not in quarantine any more, or its bytes are gone. */
export async function retryOne(deps: QuarantineDeps, id: string, caller: Caller): Promise<Receipt | undefined> {
  const { store, archive, ingest, clock } = deps
  const row = await store.read((tx) => tx.inbox.find(id))
  if (row?.state !== 'quarantined') return undefined
  const body = await bodyOf(row, archive)
  const receipt = body && (await ingest.retry(id, body))
  if (!receipt) return undefined
  const { connectorId } = row.envelope
  const detail = { connector: connectorId, disposition: receipt.disposition }
  await store.transact((tx) =>
    tx.audit.append({ at: clock.now(), actor: actorOf(caller), action: 'envelope.retried', subject: id, detail }),
  )
  return receipt
}

/** Puts one aside for good, or until `takeBack`; false: it is not in quarantine. The same bytes sent again are known, and stay aside. */
export async function discard(tx: Transaction, id: string, reason: DiscardReason, caller: Caller, now: Temporal.Instant): Promise<boolean> {
  const row = await tx.inbox.find(id)
  if (row?.state !== 'quarantined') return false
  await tx.inbox.settle(id, { state: 'ignored', reason: DISCARDED, ...(row.fault && { fault: row.fault }), at: now })
  const detail = { connector: row.envelope.connectorId, reason }
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'envelope.discarded', subject: id, detail })
  return true
}

/** Undoes `discard`; false: it was not put aside. */
export async function takeBack(tx: Transaction, id: string, caller: Caller, now: Temporal.Instant): Promise<boolean> {
  const row = await tx.inbox.find(id)
  if (!row || !isDiscarded(row)) return false
  await tx.inbox.settle(id, { state: 'quarantined', reason: row.fault?.code ?? '', ...(row.fault && { fault: row.fault }), at: now })
  const detail = { connector: row.envelope.connectorId }
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'envelope.taken-back', subject: id, detail })
  return true
}

export function isDiscarded({ state, reason }: Pick<InboxRow, 'state' | 'reason'>): boolean {
  return state === 'ignored' && reason === DISCARDED
}
