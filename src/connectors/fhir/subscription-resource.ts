import type { Temporal } from 'temporal-polyfill'
import { type Failed, type FhirClient, triage } from './client.ts'
import { isObject, type JsonObject, objectsOf, stringOf } from './json.ts'
import type { FhirSubscription } from './watch-options.ts'

/** One Subscription that should be at the EHR. */
export interface Wanted {
  /** Tells it from our others: its criteria or its topic. */
  readonly key: string
  readonly options: FhirSubscription
  /** Name and value of what the EHR must send along: the hook's secret. */
  readonly header: { readonly name: string; readonly value: string }
}

/** FHIR R4 does not tell that an appointment stops matching: all of them are asked for (FHIR-SUB-1). */
const everyStatus = 'Appointment?status=proposed,pending,booked,arrived,fulfilled,cancelled,noshow,entered-in-error,checked-in,waitlist'
const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition'
const fhirJson = 'application/fhir+json'
/** By which one that we made is told from one that a person made. */
const ourReason = 'appointment notifications'

export function wantedOf(options: FhirSubscription, header: Wanted['header']): readonly Wanted[] {
  const { kind, criteria, topics = [] } = options
  const keys = kind === 'topic' ? topics : kind === 'criteria' ? [criteria ?? everyStatus] : []
  return keys.map((key) => ({ key, options, header }))
}

/** The elements that are ours to say; the rest of what the EHR holds stays as it is. */
export function subscriptionOf({ key, options, header }: Wanted, release: 'R4' | 'R5', end: Temporal.Instant): JsonObject {
  const { initialStatus: status = 'requested', extension } = options
  const common = {
    resourceType: 'Subscription',
    status,
    reason: ourReason,
    end: end.toString({ smallestUnit: 'second' }),
    ...(extension && { extension }),
  }
  if (options.kind === 'topic' && release === 'R5') return { ...common, ...topicR5(key, options, header) }
  return options.kind === 'topic' ? { ...common, ...topicR4(key, options, header) } : { ...common, ...criteriaR4(key, options, header) }
}

function criteriaR4(criteria: string, { endpoint, payload, channelExtension }: FhirSubscription, header: Wanted['header']): JsonObject {
  const channel = {
    type: 'rest-hook',
    endpoint,
    ...(payload !== 'empty' && { payload: fhirJson }),
    header: [`${header.name}: ${header.value}`],
    ...(channelExtension && { extension: channelExtension }),
  }
  return { criteria, channel }
}

/** Subscriptions R5 Backport IG, `backport-subscription`. */
function topicR4(topic: string, options: FhirSubscription, header: Wanted['header']): JsonObject {
  const { endpoint, filter, payload = 'id-only', channelExtension = [] } = options
  const extension = [
    ...numberExtension('backport-heartbeat-period', 'valueUnsignedInt', secondsOf(options.heartbeatMs)),
    ...numberExtension('backport-timeout', 'valueUnsignedInt', secondsOf(options.timeoutMs)),
    ...numberExtension('backport-max-count', 'valuePositiveInt', options.maxCount),
    ...channelExtension,
  ]
  return {
    meta: { profile: [`${backport}/backport-subscription`] },
    criteria: topic,
    ...(filter && { _criteria: { extension: [{ url: `${backport}/backport-filter-criteria`, valueString: filter }] } }),
    channel: {
      ...(extension.length > 0 && { extension }),
      type: 'rest-hook',
      endpoint,
      payload: fhirJson,
      _payload: { extension: [{ url: `${backport}/backport-payload-content`, valueCode: payload }] },
      header: [`${header.name}: ${header.value}`],
    },
  }
}

function numberExtension(name: string, type: string, value: number | undefined): JsonObject[] {
  return value === undefined ? [] : [{ url: `${backport}/${name}`, [type]: value }]
}

function topicR5(topic: string, options: FhirSubscription, header: Wanted['header']): JsonObject {
  const { endpoint, filter, payload = 'id-only', maxCount } = options
  const [heartbeatPeriod, timeout] = [secondsOf(options.heartbeatMs), secondsOf(options.timeoutMs)]
  return {
    topic,
    ...(filter && { filterBy: filtersOf(filter) }),
    channelType: { system: 'http://terminology.hl7.org/CodeSystem/subscription-channel-type', code: 'rest-hook' },
    endpoint,
    parameter: [{ name: header.name, value: header.value }],
    ...(heartbeatPeriod !== undefined && { heartbeatPeriod }),
    ...(timeout !== undefined && { timeout }),
    ...(maxCount !== undefined && { maxCount }),
    contentType: fhirJson,
    content: payload,
  }
}

/** `Appointment?location=Location/12` in the words of R5. */
function filtersOf(filter: string): readonly JsonObject[] {
  const [resourceType = '', query = ''] = filter.split('?')
  return [...new URLSearchParams(query)].map(([filterParameter, value]) => ({ resourceType, filterParameter, value }))
}

function secondsOf(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.max(1, Math.round(milliseconds / 1000))
}

/** Where it delivers to, in the words of R4 or of R5. */
function endpointOf({ channel, endpoint }: JsonObject): string | undefined {
  return (isObject(channel) ? stringOf(channel.endpoint) : undefined) ?? stringOf(endpoint)
}

/** What it listens to. */
export function keyOf({ criteria, topic }: JsonObject): string | undefined {
  return stringOf(topic) ?? stringOf(criteria)
}

/** True when an element that is ours was changed at the EHR: where to, what for, or how much. Headers may be hidden, and do not count. */
export function isAltered(held: JsonObject, wanted: JsonObject): boolean {
  const channel = (resource: JsonObject) => (isObject(resource.channel) ? resource.channel : {})
  const payload = (resource: JsonObject) => stringOf(channel(resource).payload) ?? stringOf(resource.contentType)
  return (
    endpointOf(held) !== endpointOf(wanted) ||
    keyOf(held) !== keyOf(wanted) ||
    payload(held) !== payload(wanted) ||
    stringOf(held.content) !== stringOf(wanted.content)
  )
}

/** All at the EHR that lead to our hook, whoever made them; servers that do not search by address are asked for all. */
export async function subscriptionsTo(
  endpoint: string,
  client: FhirClient,
  signal: AbortSignal,
): Promise<{ readonly kind: 'found'; readonly resources: readonly JsonObject[] } | Failed> {
  const byUrl = await client.get(`Subscription?${new URLSearchParams({ url: endpoint, _count: '100' })}`, signal)
  const answer = byUrl.kind === 'failed' && triage(byUrl) === 'refused' ? await client.get('Subscription?_count=100', signal) : byUrl
  if (answer.kind === 'failed') return answer
  return {
    kind: 'found',
    resources: subscriptionsIn(answer.body).filter((each) => endpointOf(each) === endpoint && each.status !== 'entered-in-error'),
  }
}

export function subscriptionsIn(bundle: JsonObject): readonly JsonObject[] {
  return objectsOf(bundle.entry).flatMap(({ resource }) =>
    isObject(resource) && resource.resourceType === 'Subscription' ? [resource] : [],
  )
}

/** True of one that we made for this hook and that nobody looks after: of other criteria, of an old path token, or a double (FHIR-SUB-6). */
export function isStale(resource: JsonObject, endpoint: string, kept: ReadonlySet<string | undefined>): boolean {
  const hook = /^(.*\/fhir\/[^/]+)/.exec(endpoint)?.[1] ?? endpoint
  const leadsTo = endpointOf(resource)
  const isOurs = leadsTo !== undefined && (leadsTo === hook || leadsTo.startsWith(`${hook}/`)) && resource.reason === ourReason
  const id = stringOf(resource.id)
  return isOurs && id !== undefined && !kept.has(id)
}
