import { setTimeout as pause } from 'node:timers/promises'
import type { WriteBack, WriteBackOutcome } from '../../core/write-back.ts'
import { type AnswerSettings, type Edit, edited, jsonPatch, judge } from './answer.ts'
import { type WriteMethod, type WriteMethods, writeMethods } from './capability.ts'
import { type Answer, type Failed, triage } from './client.ts'
import { asReference, type Graph, graphOf, graphOfOne, patientEhrId, survivorOf } from './graph.ts'
import { isObject, type JsonObject, objectsOf, stringOf } from './json.ts'
import type { FhirWriteBack } from './options.ts'
import { bundleSchema, elementsOf } from './resources.ts'
import { type SnapshotOptions, snapshots } from './snapshot.ts'

export interface WriterOptions extends AnswerSettings, SnapshotOptions {
  readonly settings: FhirWriteBack
}

/** The appointment as it was just read, and where the patient stands in it. */
interface Current {
  readonly kind: 'current'
  readonly appointment: JsonObject
  readonly etag: string | undefined
  readonly participant: number | undefined
}

type Write = (writeBack: WriteBack, signal: AbortSignal) => Promise<WriteBackOutcome>

const maxTries = 3

/** Brings one answer to the server: read, judge, change only what was answered, read back (WB-1). Never throws for what the server does. */
export function writer(options: WriterOptions): Write {
  const methods = writeMethods(options.client, options.settings.method ?? 'auto')

  return async (writeBack, signal) => {
    let refused: { readonly failed: Failed; readonly etag: string | undefined } | undefined
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const current = await readCurrent(writeBack, options, signal)
      if (current.kind !== 'current') return current
      const judgement = judge(writeBack, current.appointment, current.participant, options)
      if (judgement.kind === 'conflict') return judgement
      if (judgement.kind === 'satisfied') return applied(current, true)
      // Refused although nobody has changed it since: not a race, but a rule of theirs.
      if (refused && isRule(refused.failed) && refused.etag === current.etag) return { kind: 'refused', reason: refused.failed.reason }
      const sent = await send(judgement.edits, current, methods, options, signal)
      if (sent.kind === 'answered') return await verify(writeBack, options, signal)
      if (!isRule(sent) && !isRace(sent)) return outcomeOf(sent)
      refused = { failed: sent, etag: current.etag }
      await pause((options.settings.conflictPauseMs ?? 200) * 2 ** attempt, undefined, { signal }).catch(() => undefined)
    }
    return { kind: 'deferred', reason: refused?.failed.reason ?? 'conflict' }
  }
}

async function readCurrent(writeBack: WriteBack, options: WriterOptions, signal: AbortSignal): Promise<Current | WriteBackOutcome> {
  const answer = await options.client.get(`Appointment/${encodeURIComponent(writeBack.ehrId)}`, signal)
  if (answer.kind === 'failed') return outcomeOfRead(answer)
  const { body } = answer
  if (body.resourceType !== 'Appointment' || body.id !== writeBack.ehrId) {
    return { kind: 'deferred', reason: 'another resource than the one asked for' }
  }
  const direct = positionOf(writeBack.patientEhrId, body, graphOfOne(body, options.baseUrl))
  const etag = answer.etag ?? versionTag(body)
  if (direct !== undefined) return { kind: 'current', appointment: body, etag, participant: direct }
  const snapshot = await snapshots(options)(body, signal)
  if (snapshot.kind === 'failed') return outcomeOfRead(snapshot)
  const bundle = elementsOf(bundleSchema, snapshot.bundle) ?? { resourceType: 'Bundle' as const }
  const participant = positionOf(writeBack.patientEhrId, body, graphOf(bundle, options.baseUrl))
  return { kind: 'current', appointment: body, etag, participant }
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

/** By the server's method of choice; the other one when it turns out not to know that. */
async function send(
  edits: readonly Edit[],
  current: Current,
  methods: WriteMethods,
  options: WriterOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const method = await methods.choose(signal)
  const answer = await sendBy(method, edits, current, options, signal)
  if (!isUnsupported(answer)) return answer
  methods.ruleOut(method)
  const other = await methods.choose(signal)
  return other === method ? answer : await sendBy(other, edits, current, options, signal)
}

async function sendBy(
  method: WriteMethod,
  edits: readonly Edit[],
  { appointment, etag, participant }: Current,
  { client, settings }: WriterOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const id = stringOf(appointment.id) ?? ''
  if (method === 'patch')
    return await client.patch(
      `Appointment/${id}`,
      { as: 'json', operations: jsonPatch(edits, appointment, participant, settings.patchTestOps ?? true) },
      etag,
      signal,
    )
  // A PUT without a version could overwrite what somebody else has just changed (R12).
  if (etag === undefined) return { kind: 'failed', status: 428, unsent: true, reason: 'no version to guard a PUT with' }
  return await client.put(edited(appointment, edits), etag, signal)
}

function isUnsupported(answer: Answer): boolean {
  return answer.kind === 'failed' && (answer.status === 405 || answer.status === 415 || answer.status === 501)
}

/** The server's answer to a write proves little (interop.md, decision 5): what it says when asked again does. */
async function verify(writeBack: WriteBack, options: WriterOptions, signal: AbortSignal): Promise<WriteBackOutcome> {
  const current = await readCurrent(writeBack, options, signal)
  if (current.kind !== 'current') return { kind: 'applied', verified: false }
  const judgement = judge(writeBack, current.appointment, current.participant, options)
  return judgement.kind === 'satisfied' ? applied(current, true) : { kind: 'applied', verified: false }
}

function applied({ appointment, etag }: Current, verified: boolean): WriteBackOutcome {
  const tag = versionTag(appointment) ?? etag
  return { kind: 'applied', verified, ...(tag && { etag: tag }) }
}

function versionTag({ meta }: JsonObject): string | undefined {
  const version = isObject(meta) ? stringOf(meta.versionId) : undefined
  return version && `W/"${version}"`
}

/** Somebody else was first, or may have been: read again (interop.md 2.7). */
function isRace({ status }: Failed): boolean {
  return status === 412 || status === 424
}

/** A race, or a rule of theirs: 409 is both, and some servers answer a failed `test` with 400 or 422. */
function isRule({ status }: Failed): boolean {
  return status === 409 || status === 400 || status === 422
}

function outcomeOfRead(failed: Failed): WriteBackOutcome {
  const { reason, retryAfter } = failed
  const chance = triage(failed)
  switch (chance) {
    case 'gone':
      return { kind: 'conflict', reason: 'the appointment is gone' }
    case 'refused':
      return { kind: 'refused', reason }
    case 'deferred':
      return { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) }
    default:
      return chance satisfies never
  }
}

/** Statuses of a server that certainly did not act; of the other 5xx, and of silence, nobody can tell. */
const notActed: ReadonlySet<number> = new Set([401, 408, 423, 425, 429, 503])

function outcomeOf(failed: Failed): WriteBackOutcome {
  const { status, unsent, reason, retryAfter } = failed
  if (status === undefined) return { kind: unsent ? 'deferred' : 'unknown', reason }
  if (notActed.has(status)) return { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) }
  if (triage(failed) !== 'deferred') return outcomeOfRead(failed)
  return status >= 500 ? { kind: 'unknown', reason } : { kind: 'refused', reason }
}
