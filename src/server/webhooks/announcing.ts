import type { Appointment } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { WebhookEndpoint } from '../../core/webhook.ts'
import { isWanted, newDelivery } from '../../core/webhook.ts'
import { overlaid } from '../../store/port/lazily.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Fact } from './facts.ts'
import { appointmentFacts, eventOf, notificationFacts, quarantineFact, toCallFacts, writeBackFacts } from './facts.ts'

export interface AnnouncingDeps {
  readonly clock: Clock
  readonly clinicOf: (connectorId: ConnectorId) => string | undefined
  /** Called after a commit in which something was written down for somebody. */
  readonly announced: () => void
}

/** Of one clinic; more is refused. */
export const mostEndpoints = 20

/** How long who is told is taken from memory: another node may have changed it. */
const keptForMs = 5_000

type Endpoints = Map<string, { readonly at: number; readonly endpoints: readonly WebhookEndpoint[] }>

/**
 * The same store, which writes down beside each fact, in its transaction, whom it is to be told (an outbox): nothing is told that did not
 * happen, and nothing that happened is forgotten. Where a clinic tells nobody it costs nothing.
 */
export function announcing(store: Store, deps: AnnouncingDeps): Store {
  const known: Endpoints = new Map()
  return {
    ...store,
    async transact(work) {
      let count = 0
      const result = await store.transact((tx) => {
        count = 0
        return work(
          listening(tx, deps, known, () => {
            count += 1
          }),
        )
      })
      if (count > 0) deps.announced()
      return result
    },
  }
}

/** Writes a fact down for whoever is told of it; false: for nobody, or it was before. */
export async function announce(
  tx: Pick<Transaction, 'webhooks'>,
  fact: Fact,
  clinicId: string,
  endpoints: readonly WebhookEndpoint[],
  now: ReturnType<Clock['now']>,
): Promise<boolean> {
  const told = endpoints.filter((each) => isWanted(each, fact.type))
  if (told.length === 0) return false
  const event = eventOf(fact, clinicId, now)
  if (!(await tx.webhooks.insertEvent(event))) return false
  for (const { id } of told) await tx.webhooks.saveDelivery(newDelivery(id, event, now))
  return true
}

function listening(tx: Transaction, { clock, clinicOf }: AnnouncingDeps, known: Endpoints, written: () => void): Transaction {
  const seen = new Map<string, Appointment | undefined>()

  async function endpointsOf(clinicId: string): Promise<readonly WebhookEndpoint[]> {
    const now = clock.now().epochMilliseconds
    const kept = known.get(clinicId)
    if (kept && Math.abs(now - kept.at) < keptForMs) return kept.endpoints
    const endpoints = await tx.webhooks.ofClinic(clinicId, mostEndpoints)
    known.set(clinicId, { at: now, endpoints })
    return endpoints
  }

  async function tell(clinicId: string | undefined, facts: readonly Fact[]): Promise<void> {
    if (clinicId === undefined || facts.length === 0) return
    const endpoints = await endpointsOf(clinicId)
    for (const fact of facts) if (await announce(tx, fact, clinicId, endpoints, clock.now())) written()
  }

  return overlaid(tx, {
    appointments: () => ({
      ...tx.appointments,
      async find(id) {
        const found = await tx.appointments.find(id)
        seen.set(id, found)
        return found
      },
      async save(appointment) {
        const { id, clinicId } = appointment
        if ((await endpointsOf(clinicId)).length > 0) {
          const before = seen.has(id) ? seen.get(id) : await tx.appointments.find(id)
          await tell(clinicId, appointmentFacts(before, appointment))
        }
        seen.set(id, appointment)
        await tx.appointments.save(appointment)
      },
    }),
    notifications: () => ({
      ...tx.notifications,
      async save(notification) {
        await tx.notifications.save(notification)
        await tell(notification.clinicId, notificationFacts(notification))
      },
    }),
    writeBacks: () => ({
      ...tx.writeBacks,
      async save(writeBack) {
        await tx.writeBacks.save(writeBack)
        await tell(clinicOf(writeBack.connectorId), writeBackFacts(writeBack))
      },
    }),
    toCall: () => ({
      ...tx.toCall,
      async save(entry) {
        await tx.toCall.save(entry)
        await tell(entry.clinicId, toCallFacts(entry))
      },
    }),
    inbox: () => ({
      ...tx.inbox,
      async insert(row) {
        await tx.inbox.insert(row)
        const { id, state, envelope, reason } = row
        if (state === 'quarantined') await tell(clinicOf(envelope.connectorId), [quarantineFact(id, envelope.connectorId, reason)])
      },
      async settle(id, settlement) {
        await tx.inbox.settle(id, settlement)
        if (settlement.state !== 'quarantined') return
        const row = await tx.inbox.find(id)
        if (row) await tell(clinicOf(row.envelope.connectorId), [quarantineFact(id, row.envelope.connectorId, settlement.reason)])
      },
    }),
    webhooks: () => ({
      ...tx.webhooks,
      async save(endpoint) {
        await tx.webhooks.save(endpoint)
        known.delete(endpoint.clinicId)
      },
      async remove(id) {
        await tx.webhooks.remove(id)
        known.clear()
      },
    }),
  })
}
