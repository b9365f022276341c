import type { Temporal } from 'temporal-polyfill'
import type { Envelope } from '../../core/envelope.ts'
import type { ReadBack } from '../connector.ts'
import type { CatchUp } from './catch-up.ts'
import { type Failed, triage } from './client.ts'
import { hintOf } from './hint.ts'
import type { JsonObject } from './json.ts'
import { absence, type Snapshot, type SnapshotOptions, snapshots } from './snapshot.ts'

export interface ReadBackOptions extends SnapshotOptions {
  readonly catchUp: CatchUp
}

/** How many appointments are worked on together; requests are bounded by the client. */
const batch = 8

/** Turns a hint into what the server itself says now, one envelope for each appointment. */
export async function readBack(hint: Envelope, options: ReadBackOptions, signal: AbortSignal): Promise<ReadBack> {
  const meant = hintOf(hint, options.baseUrl)
  const take = snapshots(options)
  if (meant.kind === 'named') {
    return await collect(meant.ids, (id) => readById(id, options, take, signal), options)
  }
  if (meant.kind !== 'anything') return { kind: 'read', envelopes: [] }
  const changed = await options.catchUp(hint, signal)
  if (changed.kind === 'refused') return changed
  if (changed.kind === 'failed') return trouble(changed)
  return await collect(changed.appointments, (appointment) => take(appointment, signal), options)
}

type Take = (appointment: JsonObject, signal: AbortSignal) => Promise<Snapshot>

/** 404 and 410: it is deleted. What the server withholds is told as such, so that the other appointments of the hint are not lost with it. */
async function readById(id: string, options: ReadBackOptions, take: Take, signal: AbortSignal): Promise<Snapshot> {
  const answer = await options.client.get(`Appointment/${id}`, signal)
  if (answer.kind === 'failed') {
    if (triage(answer) === 'deferred' || answer.status === undefined) return answer
    return { kind: 'taken', bundle: absence(id, answer.status, options.baseUrl) }
  }
  const { body } = answer
  if (body.resourceType === 'Appointment' && body.id === id) return await take(body, signal)
  return { kind: 'failed', unsent: false, reason: 'another resource than the one asked for' }
}

async function collect<T>(items: readonly T[], work: (item: T) => Promise<Snapshot>, options: ReadBackOptions): Promise<ReadBack> {
  const envelopes: Envelope[] = []
  for (let from = 0; from < items.length; from += batch) {
    for (const snapshot of await Promise.all(items.slice(from, from + batch).map(work))) {
      if (snapshot.kind === 'failed') return trouble(snapshot)
      envelopes.push(envelopeOf(snapshot.bundle, options.connectorId, options.now()))
    }
  }
  return { kind: 'read', envelopes }
}

function envelopeOf(bundle: JsonObject, connectorId: string, receivedAt: Temporal.Instant): Envelope {
  return { connectorId, receivedAt, mediaType: 'application/fhir+json', body: new TextEncoder().encode(JSON.stringify(bundle)) }
}

function trouble(failed: Failed): ReadBack {
  const { reason, retryAfter } = failed
  if (triage(failed) === 'deferred') return { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) }
  return { kind: 'refused', fault: { kind: 'content', code: 'forbidden', text: `The EHR does not answer: ${reason}.` } }
}
