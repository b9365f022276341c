import type { Temporal } from 'temporal-polyfill'
import type { Envelope, Fault } from '../../core/envelope.ts'
import type { ReadBack } from '../connector.ts'
import { type Failed, triage } from './client.ts'
import type { EventWatch } from './event-watch.ts'
import { closeGap, type Gap, gapEnvelope } from './gap.ts'
import { hintOf, type Topic } from './hint.ts'
import type { JsonObject } from './json.ts'
import { absence, type Snapshot, type SnapshotOptions, snapshots } from './snapshot.ts'

export interface ReadBackOptions extends SnapshotOptions {
  readonly events: EventWatch
  readonly gapWaitMs: number
  /** False: this EHR is never polled, so a hint that names nothing cannot be followed. */
  readonly polls: boolean
}

/** How many appointments are worked on together; requests are bounded by the client. */
const batch = 8

/** Turns a hint into what the server itself says now, one envelope for each appointment; a hint that names none asks for a poll. */
export async function readBack(hint: Envelope, options: ReadBackOptions, signal: AbortSignal): Promise<ReadBack> {
  const meant = hintOf(hint, options.baseUrl)
  switch (meant.kind) {
    case 'named':
      return await noted(await readAppointments(meant.ids, options, signal), meant.topic, hint, options)
    case 'beside':
      return await noted(await readKeys(meant.keys, options, signal), meant.topic, hint, options)
    case 'anything':
      return await noted(options.polls ? { ...nothing, poll: true } : nameless, meant.topic, hint, options)
    case 'sign-of-life':
      return await noted(nothing, meant.topic, hint, options)
    case 'gap':
      return await followGap(meant.gap, hint, options, signal)
    case 'ignored':
    case 'unreadable':
      return nothing
    default:
      return meant satisfies never
  }
}

const nothing = { kind: 'read', envelopes: [] } as const
const fault: Fault = { kind: 'content', code: 'not-supported', text: 'The notification names no appointment, and this EHR is not polled.' }
const nameless: ReadBack = { kind: 'refused', fault }

/** Counted once it could be followed: what is tried again counts then. Events that are missing become a hint of their own. */
async function noted(answer: ReadBack, topic: Topic | undefined, hint: Envelope, options: ReadBackOptions): Promise<ReadBack> {
  if (answer.kind !== 'read' || !topic) return answer
  const { subscription, status } = topic
  const { gaps, lost } = await options.events.note(subscription, status, hint.receivedAt)
  const asked = gaps.map((range) => gapEnvelope({ subscription, ...range }, options.connectorId, options.now()))
  return { ...answer, envelopes: [...answer.envelopes, ...asked], ...(lost && options.polls && { poll: true }) }
}

async function followGap(gap: Gap, hint: Envelope, options: ReadBackOptions, signal: AbortSignal): Promise<ReadBack> {
  const found = await closeGap(gap, hint, options, signal)
  switch (found.kind) {
    case 'wait':
      return found.answer
    case 'closed':
      return nothing
    case 'lost':
      if (signal.aborted) return { kind: 'deferred', reason: 'stopped' }
      await options.events.settle(gap.subscription, gap)
      return options.polls ? { ...nothing, poll: true } : nothing
    case 'events': {
      const answer = await readAppointments(found.ids, options, signal)
      if (answer.kind === 'read') await options.events.settle(gap.subscription, gap)
      return answer
    }
    default:
      return found satisfies never
  }
}

/** Each by its id: one that is gone comes as a deletion. */
export async function readAppointments(ids: readonly string[], options: SnapshotOptions, signal: AbortSignal): Promise<ReadBack> {
  return await readKeys(
    [...new Set(ids)].map((id) => `Appointment/${id}`),
    options,
    signal,
  )
}

async function readKeys(keys: readonly string[], options: SnapshotOptions, signal: AbortSignal): Promise<ReadBack> {
  const take = snapshots(options)
  return await collect(keys, (key) => readOne(key, options, take, signal), options)
}

type Take = (root: JsonObject, signal: AbortSignal) => Promise<Snapshot>

/** 404 and 410: it is deleted. What the server withholds is told as such, so that the other appointments of the hint are not lost with it. */
async function readOne(key: string, options: SnapshotOptions, take: Take, signal: AbortSignal): Promise<Snapshot> {
  const answer = await options.client.get(key, signal)
  if (answer.kind === 'failed') {
    if (triage(answer) === 'deferred' || answer.status === undefined) return answer
    return { kind: 'taken', bundle: absence(key, answer.status, options.baseUrl) }
  }
  const { body } = answer
  if (`${String(body.resourceType)}/${String(body.id)}` === key) return await take(body, signal)
  return { kind: 'failed', unsent: false, reason: 'another resource than the one asked for' }
}

/** One envelope for each, in order; the first that cannot be had stops all. */
export async function collect<T>(items: readonly T[], work: (item: T) => Promise<Snapshot>, options: SnapshotOptions): Promise<ReadBack> {
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

/** What a failed request means to whoever asked for it. */
export function trouble(failed: Failed): Exclude<ReadBack, { kind: 'read' }> {
  const { reason, retryAfter } = failed
  if (triage(failed) === 'deferred') return { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) }
  return { kind: 'refused', fault: { kind: 'content', code: 'forbidden', text: `The EHR does not answer: ${reason}.` } }
}
