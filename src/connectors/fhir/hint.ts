import type { Envelope, Fault } from '../../core/envelope.ts'
import { type Gap, gapOf } from './gap.ts'
import { isObject, type Json, type JsonObject, parseJson, stringOf } from './json.ts'
import { parseReference, type Target } from './references.ts'
import { type Bundle, bundleSchema, check } from './resources.ts'
import { type TopicStatus, topicStatusOf } from './topic.ts'

/** What a notification tells us to ask about. Nothing else in it is believed (FHIR-SUB-3). */
export type Hint =
  | { readonly kind: 'named'; readonly ids: readonly string[]; readonly identity?: string; readonly topic?: Topic }
  /** No appointment, but what is told beside them, as `Type/id`: a patient, a visit, a slot. */
  | { readonly kind: 'beside'; readonly keys: readonly string[]; readonly topic?: Topic }
  /** Something changed: catch up (FHIR-SUB-4). */
  | { readonly kind: 'anything'; readonly topic?: Topic }
  /** Nothing changed, but the subscription lives. */
  | { readonly kind: 'sign-of-life'; readonly topic: Topic }
  /** Ours: events that have not come. */
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly fault: Fault }

/** A topic-based notification of a Subscription at this server. */
export interface Topic {
  /** Id of the Subscription. */
  readonly subscription: string
  readonly status: TopicStatus
}

const besides: ReadonlySet<string> = new Set(['Patient', 'Encounter', 'Slot'])

/** More names than this are as many as none: one catch-up costs the EHR less (FHIR-SEC-4). */
const maxNamed = 1_000

/** In every way a server delivers (FHIR-SUB-2): by path, by a resource, by a Bundle, by a topic's notification, by nothing at all. */
export function hintOf(envelope: Envelope, baseUrl: string): Hint {
  const gap = gapOf(envelope)
  if (gap) return { kind: 'gap', gap }
  const path = envelope.request?.path ?? ''
  const target = path === '' ? undefined : parseReference(path, baseUrl)
  if (target && target.kind !== 'local') return { kind: 'ignored', reason: 'not the path of a resource' }
  if (target && target.type !== 'Appointment' && !besides.has(target.type)) return { kind: 'ignored', reason: 'another resource type' }
  const byPath = target ? [target] : []
  if (envelope.body.length === 0) return named(byPath, byPath.length > 0 ? 'ignored' : 'anything')
  const parsed = parseJson(envelope.body)
  if (parsed.kind === 'faulty') return { kind: 'unreadable', fault: parsed.fault }
  if (!isObject(parsed.value)) return { kind: 'unreadable', fault: notAResource('The body is not a FHIR resource.') }
  return byBody(parsed.value, byPath, baseUrl)
}

function byBody(resource: JsonObject, byPath: readonly Named[], baseUrl: string): Hint {
  switch (resource.resourceType) {
    case undefined:
      return Object.keys(resource).length === 0
        ? named(byPath, byPath.length > 0 ? 'ignored' : 'anything')
        : { kind: 'unreadable', fault: { ...notAResource('resourceType is missing.'), code: 'required', at: 'resourceType' } }
    case 'Appointment':
      return ofAppointment(resource, byPath)
    case 'Bundle':
      return ofBundle(resource, baseUrl)
    case 'Parameters':
    case 'SubscriptionStatus':
      return ofTopic(topicStatusOf(resource) ?? { events: [] }, [], baseUrl)
    default:
      return named(
        [...byPath, ...localOf(resource)].filter(({ type }) => type === resource.resourceType),
        'ignored',
      )
  }
}

function localOf({ resourceType, id }: JsonObject): readonly Named[] {
  const target = parseReference(`${stringOf(resourceType) ?? ''}/${stringOf(id) ?? ''}`, 'http://none.invalid')
  return target.kind === 'local' ? [target] : []
}

function ofAppointment(resource: JsonObject, byPath: readonly Named[]): Hint {
  const [target] = localOf(resource)
  if (!target) {
    if (byPath.length > 0) return named(byPath, byPath.length > 0 ? 'ignored' : 'anything')
    return {
      kind: 'unreadable',
      fault: { ...notAResource('Appointment.id is missing or not an id.'), code: 'required', at: 'Appointment.id' },
    }
  }
  const version = isObject(resource.meta) ? stringOf(resource.meta.versionId) : undefined
  const hint = named([...byPath, target], 'anything')
  return hint.kind === 'named' && version ? { ...hint, identity: `hint:Appointment/${target.id}/_history/${version}` } : hint
}

function ofBundle(resource: JsonObject, baseUrl: string): Hint {
  const checked = check(bundleSchema, resource, 'Bundle')
  if (checked.kind === 'faulty') return { kind: 'unreadable', fault: checked.fault }
  const entries = checked.value.entry ?? []
  const references = entries.map(referenceOf)
  const status = topicStatusOf(firstOf(resource), resource.timestamp)
  if (status) return ofTopic(status, references, baseUrl)
  return entries.length === 0 ? { kind: 'anything' } : ofReferences(references, baseUrl)
}

/** What an entry is about: the resource it holds, else what was asked for, else its own address. */
function referenceOf({ resource, request, fullUrl }: NonNullable<Bundle['entry']>[number]): string | undefined {
  if (isObject(resource)) return `${stringOf(resource.resourceType) ?? ''}/${stringOf(resource.id) ?? ''}`
  return request?.url ?? fullUrl
}

function firstOf({ entry }: JsonObject): Json | undefined {
  const [first] = Array.isArray(entry) ? entry : []
  return isObject(first) ? first.resource : undefined
}

/** Subscriptions Backport and R5 (interop.md 2.4): both forms of the status, in R4 or in R5 words. */
function ofTopic(status: TopicStatus, others: readonly (string | undefined)[], baseUrl: string): Hint {
  const target = parseReference(status.subscription ?? '', baseUrl)
  const topic = target.kind === 'local' && target.type === 'Subscription' ? { subscription: target.id, status } : undefined
  const hint = ofEvents(status, others, baseUrl)
  if (!topic) return hint
  if (hint.kind === 'named' || hint.kind === 'beside' || hint.kind === 'anything') return { ...hint, topic }
  return { kind: 'sign-of-life', topic }
}

function ofEvents({ type, events }: TopicStatus, others: readonly (string | undefined)[], baseUrl: string): Hint {
  if (type === 'handshake' || type === 'heartbeat') return { kind: 'ignored', reason: type }
  const foci = events.filter(({ hasFocus }) => hasFocus).map(({ focus }) => focus)
  return foci.length > 0 ? ofReferences([...foci, ...others.filter(isOfAppointment)], baseUrl) : { kind: 'anything' }
}

function isOfAppointment(reference: string | undefined): boolean {
  return reference !== undefined && /(^|\/)Appointment\//.test(reference)
}

/** A reference that cannot be followed (another server's, an identifier alone) still says that something changed. */
function ofReferences(references: readonly (string | undefined)[], baseUrl: string): Hint {
  const targets = references.map((reference) => parseReference(reference ?? '', baseUrl))
  const local = targets.flatMap((target) => (target.kind === 'local' ? [target] : []))
  const blind = targets.some((target) => target.kind === 'unusable' || (target.kind === 'foreign' && target.type === 'Appointment'))
  return named(local, blind ? 'anything' : 'ignored')
}

type Named = Pick<Extract<Target, { kind: 'local' }>, 'type' | 'id'>

/** Who takes part in an appointment is read with it: only what comes without one is asked for by itself. */
function named(targets: readonly Named[], otherwise: 'anything' | 'ignored'): Hint {
  const ids = [...new Set(targets.flatMap(({ type, id }) => (type === 'Appointment' ? [id] : [])))]
  if (ids.length > maxNamed) return { kind: 'anything' }
  if (ids.length > 0) return { kind: 'named', ids }
  const keys = [...new Set(targets.flatMap(({ type, id }) => (besides.has(type) ? [`${type}/${id}`] : [])))]
  if (otherwise === 'anything' || keys.length > maxNamed) return { kind: 'anything' }
  return keys.length > 0 ? { kind: 'beside', keys } : { kind: 'ignored', reason: 'another resource type' }
}

function notAResource(text: string): Fault {
  return { kind: 'content', code: 'structure', text }
}
