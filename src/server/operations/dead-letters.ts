import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Bilingual } from '../../core/explain/words.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { alarmTexts } from './alarm-texts.ts'

/** What goes no further by itself, until a person has seen to it. */
export interface DeadLetters {
  readonly kind: 'quarantine' | 'write_back' | 'webhook'
  /** Absent: of a connector that is configured no more. */
  readonly clinicId?: string
  /** The connector they came by, or the endpoint they were for. */
  readonly subject?: string
  /** `mostCounted` says so many, or more. */
  readonly count: number
  /** Of those that were counted. */
  readonly oldestAt: Temporal.Instant
  readonly fix: Bilingual
  readonly link: string
}

export interface DeadLetterDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
}

export const mostCounted = 100
const mostEndpoints = 50

const texts = { quarantine: alarmTexts.quarantine, write_back: alarmTexts.write_back_failed, webhook: alarmTexts.webhook_failing } as const

/** Of these clinics; what came by a connector that is configured no more is told to whoever may see all of them. */
export function findDeadLetters(
  { store, sources }: DeadLetterDeps,
  clinics: readonly string[],
  seesAll: boolean,
): Promise<readonly DeadLetters[]> {
  return store.read(async (tx) => {
    const found = (await unread(tx, sources)).filter(({ clinicId }) => (clinicId === undefined ? seesAll : clinics.includes(clinicId)))
    for (const clinicId of clinics) found.push(...(await refused(tx, clinicId)), ...(await untold(tx, clinicId)))
    return found
  })
}

type Counted = Pick<DeadLetters, 'kind' | 'clinicId' | 'subject'>

/** Of instants, the newest first. */
function lettersOf(counted: Counted, instants: readonly Temporal.Instant[]): readonly DeadLetters[] {
  const oldestAt = instants.at(-1)
  if (!oldestAt) return []
  const { fix, link } = texts[counted.kind]
  return [{ ...counted, count: instants.length, oldestAt, fix, link: link.replace(':clinic', encodeURIComponent(counted.clinicId ?? '')) }]
}

async function unread(tx: Transaction, sources: DeadLetterDeps['sources']): Promise<readonly DeadLetters[]> {
  const rows = await tx.inbox.quarantined({ limit: mostCounted })
  const connectors = [...new Set(rows.map(({ envelope }) => envelope.connectorId))]
  return connectors.flatMap((subject) => {
    const clinicId = sources.get(subject)?.clinicId
    const whose: Counted = { kind: 'quarantine', subject, ...(clinicId !== undefined && { clinicId }) }
    const own = rows.filter(({ envelope }) => envelope.connectorId === subject)
    return lettersOf(
      whose,
      own.map(({ envelope }) => envelope.receivedAt),
    )
  })
}

/** Answers that an EHR refused for good: a line of the staff's inbox each. */
async function refused(tx: Transaction, clinicId: string): Promise<readonly DeadLetters[]> {
  const lines = (await tx.toDo.open(clinicId, mostCounted)).filter(({ kind }) => kind === 'write_back')
  return lettersOf({ kind: 'write_back', clinicId }, lines.map(({ createdAt }) => createdAt).reverse())
}

async function untold(tx: Transaction, clinicId: string): Promise<readonly DeadLetters[]> {
  const found: DeadLetters[] = []
  for (const { id } of await tx.webhooks.ofClinic(clinicId, mostEndpoints)) {
    const failed = await tx.webhooks.deliveries(id, 'failed', { limit: mostCounted })
    const instants = failed.map(({ createdAt }) => createdAt)
    found.push(...lettersOf({ kind: 'webhook', clinicId, subject: id }, instants))
  }
  return found
}
