import type { Envelope, Fault } from '../../core/envelope.ts'
import { type Gap, gapOf } from './gap.ts'
import { isObject, type Json, type JsonObject, parseJson, stringOf } from './json.ts'
import { parseReference } from './references.ts'
import { type Bundle, bundleSchema, check } from './resources.ts'
import { type TopicStatus, topicStatusOf } from './topic.ts'

/** What a notification tells us to ask about. Nothing else in it is believed (FHIR-SUB-3). */
export type Hint =
  | { readonly kind: 'named'; readonly ids: readonly string[]; readonly identity?: string; readonly topic?: Topic }
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

/** More names than this are as many as none: one catch-up costs the EHR less (FHIR-SEC-4). */
const maxNamed = 1_000

/** In every way a server delivers (FHIR-SUB-2): by path, by a resource, by a Bundle, by a topic's notification, by nothing at all. */
export function hintOf(envelope: Envelope, baseUrl: string): Hint {
  const gap = gapOf(envelope)
  if (gap) return { kind: 'gap', gap }
  const path = envelope.request?.path ?? ''
  const target = path === '' ? undefined : parseReference(path, baseUrl)
  if (target && target.kind !== 'local') return { kind: 'ignored', reason: 'not the path of a resource' }
  if (target && target.type !== 'Appointment') return { kind: 'ignored', reason: 'another resource type' }
  const byPath = target ? [target.id] : []
  if (envelope.body.length === 0) return named(byPath, 'anything')
  const parsed = parseJson(envelope.body)
  if (parsed.kind === 'faulty') return { kind: 'unreadable', fault: parsed.fault }
  if (!isObject(parsed.value)) return { kind: 'unreadable', fault: notAResource('The body is not a FHIR resource.') }
  return byBody(parsed.value, byPath, baseUrl)
}

function byBody(resource: JsonObject, byPath: readonly string[], baseUrl: string): Hint {
  switch (resource.resourceType) {
    case undefined:
      return Object.keys(resource).length === 0
        ? named(byPath, 'anything')
        : { kind: 'unreadable', fault: { ...notAResource('resourceType is missing.'), code: 'required', at: 'resourceType' } }
    case 'Appointment':
      return ofAppointment(resource, byPath)
    case 'Bundle':
      return ofBundle(resource, baseUrl)
    case 'Parameters':
    case 'SubscriptionStatus':
      return ofTopic(topicStatusOf(resource) ?? { events: [] }, [], baseUrl)
    default:
      return { kind: 'ignored', reason: 'another resource type' }
  }
}

function ofAppointment(resource: JsonObject, byPath: readonly string[]): Hint {
  const target = parseReference(`Appointment/${stringOf(resource.id) ?? ''}`, 'http://none.invalid')
  if (target.kind !== 'local') {
    if (byPath.length > 0) return named(byPath, 'anything')
    return {
      kind: 'unreadable',
      fault: { ...notAResource('Appointment.id is missing or not an id.'), code: 'required', at: 'Appointment.id' },
    }
  }
  const version = isObject(resource.meta) ? stringOf(resource.meta.versionId) : undefined
  const hint = named([...byPath, target.id], 'anything')
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
  if (hint.kind === 'named' || hint.kind === 'anything') return { ...hint, topic }
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
  const ids = targets.flatMap((target) => (target.kind === 'local' && target.type === 'Appointment' ? [target.id] : []))
  const blind = targets.some((target) => target.kind === 'unusable' || (target.kind === 'foreign' && target.type === 'Appointment'))
  return named(ids, blind ? 'anything' : 'ignored')
}

function named(ids: readonly string[], otherwise: 'anything' | 'ignored'): Hint {
  const distinct = [...new Set(ids)]
  if (distinct.length > maxNamed) return { kind: 'anything' }
  if (distinct.length > 0) return { kind: 'named', ids: distinct }
  return otherwise === 'anything' ? { kind: 'anything' } : { kind: 'ignored', reason: 'another resource type' }
}

function notAResource(text: string): Fault {
  return { kind: 'content', code: 'structure', text }
}
