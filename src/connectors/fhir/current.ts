import type { WriteBack, WriteBackOutcome } from '../../core/write-back.ts'
import { type AnswerSettings, type Judgement, judge } from './answer.ts'
import type { CapabilityWatch } from './capability.ts'
import { asReference, type Graph, graphOf, graphOfOne, patientEhrId, survivorOf } from './graph.ts'
import { isObject, type JsonObject, objectsOf, stringOf } from './json.ts'
import { bundleSchema, elementsOf } from './resources.ts'
import { type SnapshotOptions, snapshots } from './snapshot.ts'
import { parseInstant } from './time.ts'
import { outcomeOfRead } from './write-outcome.ts'

export interface CurrentOptions extends AnswerSettings, SnapshotOptions {
  readonly capabilities: CapabilityWatch
  /** Default: what the server says of itself. */
  readonly release?: 'R4' | 'R5'
}

/** The appointment as it was just read, where the patient stands in it, and what the answer asks of it. */
export interface Current {
  readonly kind: 'current'
  readonly appointment: JsonObject
  readonly etag: string | undefined
  readonly participant: number | undefined
  readonly judgement: Judgement
  readonly release: 'R4' | 'R5'
}

/** Reads and judges (WB-1, steps 2 to 4). */
export async function readCurrent(writeBack: WriteBack, options: CurrentOptions, signal: AbortSignal): Promise<Current | WriteBackOutcome> {
  const answer = await options.client.get(`Appointment/${encodeURIComponent(writeBack.ehrId)}`, signal)
  if (answer.kind === 'failed') return outcomeOfRead(answer)
  const { body } = answer
  if (body.resourceType !== 'Appointment' || body.id !== writeBack.ehrId) {
    return { kind: 'deferred', reason: 'another resource than the one asked for' }
  }
  const participant = await participantOf(writeBack.patientEhrId, body, options, signal)
  if (typeof participant === 'object') return participant
  const release = options.release ?? (await options.capabilities.get(signal))?.release ?? 'R4'
  const judgement = judge(writeBack, body, participant, options, release)
  return { kind: 'current', appointment: body, etag: answer.etag ?? versionTag(body), participant, judgement, release }
}

async function participantOf(
  ehrId: string,
  appointment: JsonObject,
  options: CurrentOptions,
  signal: AbortSignal,
): Promise<number | undefined | WriteBackOutcome> {
  const direct = positionOf(ehrId, appointment, graphOfOne(appointment, options.baseUrl))
  if (direct !== undefined) return direct
  const snapshot = await snapshots(options)(appointment, signal)
  if (snapshot.kind === 'failed') return outcomeOfRead(snapshot)
  const bundle = elementsOf(bundleSchema, snapshot.bundle) ?? { resourceType: 'Bundle' as const }
  return positionOf(ehrId, appointment, graphOf(bundle, options.baseUrl))
}

/** The participant who is this patient, or was before a merge, as far as the graph tells. */
function positionOf(ehrId: string, appointment: JsonObject, graph: Graph): number | undefined {
  const position = objectsOf(appointment.participant).findIndex(({ actor }) => {
    const reference = asReference(actor)
    const found = reference && graph.find(reference, appointment)
    return found?.type === 'Patient' && [found, survivorOf(found, graph)].some((each) => patientEhrId(each) === ehrId)
  })
  return position < 0 ? undefined : position
}

export function versionTag({ meta }: JsonObject): string | undefined {
  const version = isObject(meta) ? stringOf(meta.versionId) : undefined
  return version && `W/"${version}"`
}

/** The EHR says it itself: nothing more is to be written. */
export function applied({ appointment, etag }: Current): WriteBackOutcome {
  const tag = versionTag(appointment) ?? etag
  const at = isObject(appointment.meta) ? parseInstant(stringOf(appointment.meta.lastUpdated) ?? '', 'UTC') : undefined
  return { kind: 'applied', verified: true, ...(tag && { etag: tag }), ...(at && !at.zoneless && { at: at.at }) }
}

/** The server's answer to a write proves little (interop.md, decision 5): what it says when asked again does. */
export async function verify(writeBack: WriteBack, options: CurrentOptions, signal: AbortSignal): Promise<WriteBackOutcome> {
  const current = await readCurrent(writeBack, options, signal)
  if (current.kind !== 'current') return { kind: 'applied', verified: false, reason: 'not read back' }
  const { kind } = current.judgement
  // of a proposal that we booked nothing more can be said
  if (kind === 'satisfied' || kind === 'no place') return applied(current)
  return { kind: 'applied', verified: false, reason: 'diverged: it reads otherwise' }
}
