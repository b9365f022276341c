import type { Envelope, Fault } from '../../core/envelope.ts'
import type { ReadResult } from '../connector.ts'
import { deletedChange, readChange } from './appointment.ts'
import { graphOf } from './graph.ts'
import { hintOf } from './hint.ts'
import { isObject, type JsonObject, parseJson, stringOf } from './json.ts'
import { mergesIn, toldBeside } from './news.ts'
import type { ReadingOf } from './patient.ts'
import type { Profile } from './profile.ts'
import { parseReference } from './references.ts'
import { type Bundle, bundleSchema, check } from './resources.ts'

/** What came by the hook is a hint; what we read back ourselves is the EHR's word. Never throws for what is in an envelope. */
export function readEnvelope(envelope: Envelope, profile: Profile): ReadResult {
  if (!envelope.request) return readSnapshot(envelope, profile)
  const trusted = profile.trustsPayload ? readTrusted(envelope, profile) : undefined
  if (trusted) return trusted
  const hint = hintOf(envelope, profile.baseUrl)
  switch (hint.kind) {
    case 'named':
      return { kind: 'hint', ...(hint.identity && { identity: hint.identity }) }
    case 'beside':
    case 'anything':
    case 'sign-of-life':
    case 'gap':
      return { kind: 'hint' }
    case 'ignored':
    case 'unreadable':
      return hint
    default:
      return hint satisfies never
  }
}

/**
 * Of an EHR that cannot be asked (FHIR-SUB-3): what its notification holds is its word, dated by `meta.lastUpdated`, so that one that is sent
 * again or overtaken changes nothing. Undefined: it holds no dated appointment, and is a hint like any other.
 */
function readTrusted(envelope: Envelope, profile: Profile): ReadResult | undefined {
  const target = parseReference(envelope.request?.path ?? '', profile.baseUrl)
  if (envelope.request?.method === 'DELETE')
    return target.kind === 'local' && target.type === 'Appointment'
      ? { kind: 'changes', changes: [deletedChange(target.id, envelope.receivedAt)] }
      : undefined
  const parsed = envelope.body.length > 0 ? parseJson(envelope.body) : undefined
  if (parsed?.kind !== 'parsed' || !isObject(parsed.value)) return undefined
  const resource = parsed.value
  const checked = check(
    bundleSchema,
    resource.resourceType === 'Bundle' ? resource : { resourceType: 'Bundle', entry: [{ resource }] },
    'Bundle',
  )
  const entries = checked.kind === 'faulty' ? [] : (checked.value.entry ?? [])
  const appointments = entries.flatMap(({ resource: each }) => (isObject(each) && each.resourceType === 'Appointment' ? [each] : []))
  const isDated = ({ meta }: JsonObject) => isObject(meta) && stringOf(meta.lastUpdated) !== undefined
  if (checked.kind === 'faulty' || appointments.length === 0 || !appointments.every(isDated)) return undefined
  const results = appointments.map((appointment) => readAppointment(appointment, checked.value, envelope, profile))
  const [only, ...others] = results
  if (others.length === 0) return only
  const read = results.flatMap((each) => (each.kind === 'changes' ? [each] : []))
  if (read.length < results.length) return results.find((each) => each.kind !== 'changes')
  return { kind: 'changes', changes: read.flatMap(({ changes }) => changes), news: read.flatMap(({ news = [] }) => news) }
}

function readSnapshot(envelope: Envelope, profile: Profile): ReadResult {
  const parsed = parseJson(envelope.body)
  if (parsed.kind === 'faulty') return { kind: 'unreadable', fault: parsed.fault }
  const resource = parsed.value
  if (!isObject(resource)) return unreadable('structure', 'The body is not a FHIR resource.')
  if (resource.resourceType !== 'Bundle') return { kind: 'ignored', reason: 'not a Bundle' }
  const checked = check(bundleSchema, resource, 'Bundle')
  if (checked.kind === 'faulty') return { kind: 'unreadable', fault: checked.fault }
  const bundle = checked.value
  const appointment = bundle.entry?.map((entry) => entry.resource).find((each) => each?.resourceType === 'Appointment')
  if (isObject(appointment)) return readAppointment(appointment, bundle, envelope, profile)
  const told = toldBeside(graphOf(bundle, profile.baseUrl), readingOf(envelope, profile))
  if (told.news.length > 0 || told.changes.length > 0) return { kind: 'changes', ...told }
  return readAbsence(bundle, envelope, profile)
}

function readAppointment(appointment: JsonObject, bundle: Bundle, envelope: Envelope, profile: Profile): ReadResult {
  const graph = graphOf(bundle, profile.baseUrl)
  const read = readChange(appointment, graph, envelope.receivedAt, profile)
  const identity = identityOf(appointment)
  if (read.kind !== 'change') return { ...read, ...(identity && { identity }) }
  const news = mergesIn(graph, readingOf(envelope, profile))
  return { kind: 'changes', changes: [read.change], ...(news.length > 0 && { news }), ...(identity && { identity }) }
}

function readingOf({ receivedAt }: Envelope, { zone, region }: Profile): ReadingOf {
  return { zone, region, at: receivedAt }
}

/** Undefined where neither version nor time tells two words about one appointment apart. */
function identityOf({ id, meta }: JsonObject): string | undefined {
  if (!stringOf(id) || !isObject(meta)) return undefined
  const version = stringOf(meta.versionId)
  const updated = stringOf(meta.lastUpdated)
  return version ? `Appointment/${id}/_history/${version}` : updated && `Appointment/${id}@${updated}`
}

/** The server's answer in place of the appointment: gone, or withheld. */
function readAbsence(bundle: Bundle, envelope: Envelope, profile: Profile): ReadResult {
  for (const { request, response } of bundle.entry ?? []) {
    const target = parseReference(request?.url ?? '', profile.baseUrl)
    const status = response?.status?.slice(0, 3)
    if (target.kind !== 'local' || target.type !== 'Appointment' || !status) continue
    if (status === '410' || status === '404') return { kind: 'changes', changes: [deletedChange(target.id, envelope.receivedAt)] }
    return unreadable('forbidden', 'The EHR refused to show the appointment.')
  }
  return { kind: 'ignored', reason: 'no appointment' }
}

function unreadable(code: string, text: string): ReadResult {
  const fault: Fault = { kind: 'content', code, text }
  return { kind: 'unreadable', fault }
}
