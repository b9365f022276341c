import { Temporal } from 'temporal-polyfill'
import type { Whole } from '../../connectors/connector.ts'
import { type Appointment, appointmentId, isCancelled } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Store } from '../../store/store.ts'

export interface Holding {
  readonly store: Store
  readonly connectorId: ConnectorId
  readonly clinicId: string
}

const page = 500

/** EHR ids on which we and the EHR differ: each must be read again, since nothing is concluded from a list alone (FHIR-POLL-3). */
export interface Differences {
  readonly missing: readonly string[]
  readonly unknown: readonly string[]
}

export async function differencesFrom(whole: Whole, holding: Holding, signal: AbortSignal): Promise<Differences> {
  return { missing: await heldAndNotNamed(whole, holding, signal), unknown: await namedAndNotHeld(whole, holding, signal) }
}

async function heldAndNotNamed(whole: Whole, { store, connectorId, clinicId }: Holding, signal: AbortSignal): Promise<readonly string[]> {
  const missing: string[] = []
  let after: string | undefined
  for (let isFull = true; isFull && !signal.aborted; ) {
    const held = await store.read((tx) => tx.appointments.ahead(clinicId, whole.from, after, page))
    missing.push(...held.filter((each) => each.connectorId === connectorId && isMissing(each, whole)).map(({ ehrId }) => ehrId))
    after = held.at(-1)?.id
    isFull = held.length === page
  }
  return missing
}

function isMissing(appointment: Appointment, { until, ehrIds }: Whole): boolean {
  const { start, ehrId } = appointment
  return start !== undefined && Temporal.Instant.compare(start, until) < 0 && !isCancelled(appointment) && !ehrIds.has(ehrId)
}

async function namedAndNotHeld({ ehrIds }: Whole, { store, connectorId }: Holding, signal: AbortSignal): Promise<readonly string[]> {
  const named = [...ehrIds]
  const unknown: string[] = []
  for (let from = 0; from < named.length && !signal.aborted; from += page)
    await store.read(async (tx) => {
      for (const ehrId of named.slice(from, from + page))
        if (!(await tx.appointments.find(appointmentId(connectorId, ehrId)))) unknown.push(ehrId)
    })
  return unknown
}
