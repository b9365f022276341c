import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { AuditEntry } from '../../store/port/audit.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { readActions } from './readings.ts'

export const auditKinds = ['acts', 'readings'] as const
export type AuditKind = (typeof auditKinds)[number]

export interface AuditAsked {
  /** The whole of it, or its beginning: `user:` is everybody who signs in. */
  readonly actor?: string | undefined
  /** The whole of it, or its beginning: `settings.`. */
  readonly action?: string | undefined
  readonly subject?: string | undefined
  readonly clinicId?: string | undefined
  /** What was done, or who has seen whose page; absent: both. */
  readonly kind?: AuditKind | undefined
  readonly from?: Temporal.Instant | undefined
  readonly until?: Temporal.Instant | undefined
  /** The number of the last row that was looked at. */
  readonly before?: number
  readonly limit: number
}

export interface AuditRow extends AuditEntry {
  /** Its place in the chain; absent where it was found by its subject. */
  readonly seq?: number
}

export interface AuditFound {
  readonly rows: readonly AuditRow[]
  /** Where the next page begins; absent: nothing is left. A page may be shorter than asked for, and empty before the last. */
  readonly next?: number
}

export interface AuditDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
}

const atOnce = 500
/** Of one page: what is rare is looked for page by page, and no page takes long. */
const mostLooked = 10_000
/** Acts on one thing: nobody reads more. */
const mostOfSubject = 500
/** A clock that was set back leaves rows that are not in the order of their times. */
const clockSteps = { hours: 26 }

/** Who did what, newest first, of the clinics the caller may see; a subject is found by its index, everything else by walking the chain backwards. */
export async function searchAudit({ store, sources }: AuditDeps, asked: AuditAsked, caller: Caller): Promise<AuditFound> {
  const isMeant = (row: AuditEntry) => fits(row, asked) && isOfClinic(row, sources, asked.clinicId) && mayBeSeen(row, sources, caller)
  return store.read(async (tx) => {
    if (asked.subject !== undefined) return { rows: (await tx.audit.of(asked.subject, mostOfSubject)).filter(isMeant) }
    let before = asked.before ?? (asked.until ? await firstAfter(tx, asked.until) : undefined)
    const end = asked.from?.subtract(clockSteps)
    const rows: AuditRow[] = []
    for (let looked = 0; looked < mostLooked; looked += atOnce) {
      const page = await tx.audit.latest(atOnce, before)
      for (const row of page) {
        before = row.seq
        if (end && row.at.epochNanoseconds < end.epochNanoseconds) return { rows }
        if (isMeant(row)) rows.push(row)
        if (rows.length === asked.limit) return { rows, next: row.seq }
      }
      if (page.length < atOnce) return { rows }
    }
    return { rows, ...(before !== undefined && { next: before }) }
  })
}

function fits({ actor, action, subject, at }: AuditEntry, asked: AuditAsked): boolean {
  return (
    (asked.actor === undefined || actor.startsWith(asked.actor)) &&
    (asked.action === undefined || action.startsWith(asked.action)) &&
    (asked.subject === undefined || subject === asked.subject) &&
    (asked.kind === undefined || readActions.has(action) === (asked.kind === 'readings')) &&
    (asked.from === undefined || at.epochNanoseconds >= asked.from.epochNanoseconds) &&
    (asked.until === undefined || at.epochNanoseconds < asked.until.epochNanoseconds)
  )
}

type Sources = AuditDeps['sources']

/** By its subject, which begins with a connector or is a clinic, or by what its detail names. */
function isOfClinic({ subject, detail }: AuditEntry, sources: Sources, clinicId: string | undefined): boolean {
  if (clinicId === undefined) return true
  const [scope = ''] = subject.split(':', 1)
  return [scope, subject, String(detail?.connector ?? ''), String(detail?.clinic ?? '')].some(
    (name) => name === clinicId || sources.get(name)?.clinicId === clinicId,
  )
}

/** What cannot be told to be of a clinic is for those who may see all of them. */
function mayBeSeen(row: AuditEntry, sources: Sources, caller: Caller): boolean {
  if (!caller.clinics) return true
  return caller.clinics.some((clinicId) => mayEnter(caller, clinicId) && isOfClinic(row, sources, clinicId))
}

/** The number before which everything was written by then: numbers have no gaps, so halves find it. */
async function firstAfter(tx: Transaction, until: Temporal.Instant): Promise<number | undefined> {
  const [newest] = await tx.audit.latest(1)
  if (!newest) return undefined
  const late = until.add(clockSteps)
  let [low, high] = [1, newest.seq + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await tx.audit.latest(1, middle + 1)
    if (row && row.at.epochNanoseconds >= late.epochNanoseconds) high = row.seq
    else low = middle + 1
  }
  return high
}
