import type { Temporal } from 'temporal-polyfill'
import type { Storage } from 'unstorage'
import { type Failed, type FhirClient, triage } from './client.ts'
import { asReference } from './graph.ts'
import { isObject, type Json, type JsonObject, objectsOf } from './json.ts'
import { parseReference } from './references.ts'
import type { RelatedPersons } from './related-persons.ts'

/** An appointment, or what is told beside them, with what it refers to, as a Bundle of type `collection`. */
export type Snapshot = { readonly kind: 'taken'; readonly bundle: JsonObject } | Failed

export interface SnapshotOptions {
  readonly connectorId: string
  readonly baseUrl: string
  readonly client: FhirClient
  readonly cache?: Storage
  readonly cacheTtlMs: number
  readonly now: () => Temporal.Instant
  /** Absent: nobody looks for them. */
  readonly relatedPersons?: RelatedPersons
}

/** Where each type leads on. Only what `read` looks at is fetched. */
const onward: Readonly<Record<string, (resource: JsonObject) => readonly (Json | undefined)[]>> = {
  Appointment: ({ participant, slot, subject }) => [
    ...objectsOf(participant)
      .slice(0, 30)
      .map(({ actor }) => actor),
    subject,
    ...objectsOf(slot).slice(0, 1),
  ],
  Patient: ({ link }) => objectsOf(link).flatMap(({ type, other }) => (type === 'replaced-by' ? [other] : [])),
  PractitionerRole: ({ practitioner, location, healthcareService }) => [
    practitioner,
    ...objectsOf(location).slice(0, 1),
    ...objectsOf(healthcareService).slice(0, 1),
  ],
  HealthcareService: ({ location }) => objectsOf(location).slice(0, 1),
  Slot: ({ schedule }) => [schedule],
  Schedule: ({ actor }) => objectsOf(actor).slice(0, 5),
  Practitioner: () => [],
  Location: () => [],
}

/** May be some minutes old. A patient may not: contacts and death must be fresh. A slot is of one appointment. */
const cacheable: ReadonlySet<string> = new Set(['Practitioner', 'PractitionerRole', 'Location', 'HealthcareService', 'Schedule'])
const maxResources = 40

type Resolved = { readonly kind: 'resource'; readonly resource: JsonObject } | { readonly kind: 'none' } | Failed

/** Takes snapshots that share what they fetch for as long as they are one piece of work; `known` came from the server just now, by `Type/id`. */
export function snapshots(
  options: SnapshotOptions,
  known?: ReadonlyMap<string, JsonObject>,
): (root: JsonObject, signal: AbortSignal) => Promise<Snapshot> {
  const { baseUrl } = options
  const shared = new Map<string, Promise<Resolved>>()

  function resolve(key: string, version: string | undefined, signal: AbortSignal): Promise<Resolved> {
    const given = known?.get(key)
    if (given) return Promise.resolve({ kind: 'resource', resource: given })
    const [type = ''] = key.split('/')
    if (!cacheable.has(type)) return fetchOne(key, options.client, signal)
    const asked = shared.get(key) ?? cached(key, version, options, signal)
    shared.set(key, asked)
    return asked
  }

  return async (root, signal) => {
    const taken = new Map<string, JsonObject>()
    const seen = new Set<string>()
    let wave: readonly JsonObject[] = [root]
    while (wave.length > 0 && seen.size < maxResources) {
      const wanted = wave.flatMap((resource) => targetsOf(resource, baseUrl)).filter(({ key }) => !seen.has(key) && seen.add(key))
      const found = await Promise.all(wanted.map(async ({ key, version }) => ({ key, result: await resolve(key, version, signal) })))
      const next: JsonObject[] = []
      for (const { key, result } of found) {
        if (result.kind === 'failed') return result
        if (result.kind === 'none') continue
        taken.set(key, result.resource)
        next.push(result.resource)
      }
      wave = next
    }
    const relatives = await relativesOf([root, ...taken.values()], options, signal)
    if (relatives.kind === 'failed') return relatives
    for (const resource of relatives.resources) taken.set(`RelatedPerson/${String(resource.id)}`, resource)
    const entries = [[`${String(root.resourceType)}/${String(root.id)}`, root] as const, ...taken]
    return { kind: 'taken', bundle: collection(entries.map(([key, resource]) => ({ fullUrl: `${baseUrl}/${key}`, resource }))) }
  }
}

async function relativesOf(taken: readonly JsonObject[], { relatedPersons }: SnapshotOptions, signal: AbortSignal) {
  const resources: JsonObject[] = []
  for (const patient of relatedPersons ? taken.filter(({ resourceType }) => resourceType === 'Patient') : []) {
    const found = await relatedPersons?.(patient, signal)
    if (found?.kind === 'failed') return found
    resources.push(...(found?.resources ?? []))
  }
  return { kind: 'found' as const, resources }
}

/** In place of what the server will not show (`Type/id`): its answer. 404 and 410 mean that it is deleted. */
export function absence(key: string, status: number, baseUrl: string): JsonObject {
  const request = { method: 'GET', url: key }
  return collection([{ fullUrl: `${baseUrl}/${key}`, request, response: { status: String(status === 404 ? 410 : status) } }])
}

function collection(entry: readonly JsonObject[]): JsonObject {
  return { resourceType: 'Bundle', type: 'collection', entry }
}

function targetsOf(resource: JsonObject, baseUrl: string): readonly { readonly key: string; readonly version?: string }[] {
  const references = onward[String(resource.resourceType)]?.(resource) ?? []
  const contained = objectsOf(resource.contained).flatMap((each) => onward[String(each.resourceType)]?.(each) ?? [])
  return [...references, ...contained].flatMap((value) => {
    const reference = asReference(value)?.reference
    const target = reference ? parseReference(reference, baseUrl) : undefined
    if (target?.kind !== 'local' || target.type === 'Appointment' || !(target.type in onward)) return []
    return [{ key: `${target.type}/${target.id}`, ...(target.version && { version: target.version }) }]
  })
}

/** What is gone or withheld is none: the reference's own text must do. A server in trouble stops the snapshot. */
async function fetchOne(key: string, client: FhirClient, signal: AbortSignal): Promise<Resolved> {
  const answer = await client.get(key, signal)
  if (answer.kind === 'failed') return triage(answer) === 'deferred' ? answer : { kind: 'none' }
  const { body } = answer
  if (`${String(body.resourceType)}/${String(body.id)}` === key) return { kind: 'resource', resource: body }
  return { kind: 'failed', status: answer.status, unsent: false, reason: 'another resource than the one asked for' }
}

async function cached(key: string, version: string | undefined, options: SnapshotOptions, signal: AbortSignal): Promise<Resolved> {
  const { cache, connectorId, cacheTtlMs, client, now } = options
  if (!cache) return fetchOne(key, client, signal)
  const name = ['fhir', connectorId, ...key.split('/'), version ?? 'current'].join(':')
  const kept: unknown = await cache.getItem(name).catch(() => undefined)
  const until = now().subtract({ milliseconds: cacheTtlMs }).epochMilliseconds
  if (isObject(kept) && typeof kept.at === 'number' && kept.at > until && isObject(kept.resource))
    return { kind: 'resource', resource: kept.resource }
  const result = await fetchOne(key, client, signal)
  if (result.kind === 'resource')
    await cache.setItem(name, { at: now().epochMilliseconds, resource: result.resource }).catch(() => undefined)
  return result
}
