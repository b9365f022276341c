import { Temporal } from 'temporal-polyfill'
import { isObject, type Json, type JsonObject, objectsOf, stringOf } from './json.ts'
import { parseInstant } from './time.ts'

export interface TopicEvent {
  readonly number?: number
  readonly at?: Temporal.Instant
  /** False with the payload `empty`. */
  readonly hasFocus: boolean
  /** As written; absent where the server gives an identifier alone. */
  readonly focus?: string
}

/** What a topic-based server says of its subscription with each notification (FHIR R5 SubscriptionStatus, the Backport IG's Parameters). */
export interface TopicStatus {
  /** `handshake`, `heartbeat`, `event-notification`, `query-status`, `query-event`. */
  readonly type?: string
  /** `Subscription.status` */
  readonly status?: string
  /** A reference, as written. */
  readonly subscription?: string
  /** `eventsSinceSubscriptionStart` */
  readonly counter?: number
  readonly events: readonly TopicEvent[]
  /** The newest time said with it: of its events, else of its Bundle. */
  readonly at?: Temporal.Instant
}

const maxEvents = 2_000

/** Both forms, on every connection: some servers send R4B's inside of an R4 Bundle (interop.md 2.4). Undefined for anything else. */
export function topicStatusOf(resource: Json | undefined, bundleTimestamp?: Json): TopicStatus | undefined {
  if (!isObject(resource)) return undefined
  if (resource.resourceType === 'SubscriptionStatus') return ofStatus(resource, bundleTimestamp)
  return resource.resourceType === 'Parameters' ? ofParameters(resource, bundleTimestamp) : undefined
}

function ofStatus(resource: JsonObject, timestamp: Json | undefined): TopicStatus {
  const events = objectsOf(resource.notificationEvent)
    .slice(0, maxEvents)
    .map(({ eventNumber, timestamp: at, focus }) => eventOf(eventNumber, at, focus))
  return statusOf(resource.type, resource.status, resource.subscription, resource.eventsSinceSubscriptionStart, events, timestamp)
}

function ofParameters({ parameter }: JsonObject, timestamp: Json | undefined): TopicStatus | undefined {
  const parameters = objectsOf(parameter)
  const named = (list: readonly JsonObject[], name: string) => list.find((each) => each.name === name)
  if (!named(parameters, 'subscription') && !named(parameters, 'type')) return undefined
  const events = parameters
    .filter(({ name }) => name === 'notification-event')
    .slice(0, maxEvents)
    .map(({ part }) => {
      const parts = objectsOf(part)
      const number = named(parts, 'event-number')
      return eventOf(number && countTextOf(number), named(parts, 'timestamp')?.valueInstant, named(parts, 'focus')?.valueReference)
    })
  const counter = named(parameters, 'events-since-subscription-start')
  return statusOf(
    named(parameters, 'type')?.valueCode,
    named(parameters, 'status')?.valueCode,
    named(parameters, 'subscription')?.valueReference,
    counter && countTextOf(counter),
    events,
    timestamp,
  )
}

/** The IG says string; servers say number as well. */
function countTextOf(parameter: JsonObject): Json | undefined {
  return parameter.valueString ?? parameter.valueInteger64 ?? parameter.valueInteger ?? parameter.valueUnsignedInt
}

function eventOf(number: Json | undefined, at: Json | undefined, focus: Json | undefined): TopicEvent {
  const count = countOf(number)
  const instant = instantOf(at)
  const reference = isObject(focus) ? stringOf(focus.reference) : undefined
  return {
    ...(count !== undefined && { number: count }),
    ...(instant && { at: instant }),
    hasFocus: focus !== undefined,
    ...(reference && { focus: reference }),
  }
}

function statusOf(
  type: Json | undefined,
  status: Json | undefined,
  subscription: Json | undefined,
  counter: Json | undefined,
  events: readonly TopicEvent[],
  timestamp: Json | undefined,
): TopicStatus {
  const said = {
    type: stringOf(type),
    status: stringOf(status),
    subscription: isObject(subscription) ? stringOf(subscription.reference) : undefined,
    counter: countOf(counter),
    at:
      events
        .flatMap(({ at }) => at ?? [])
        .sort(Temporal.Instant.compare)
        .at(-1) ?? instantOf(timestamp),
  }
  return {
    ...(said.type && { type: said.type }),
    ...(said.status && { status: said.status }),
    ...(said.subscription && { subscription: said.subscription }),
    ...(said.counter !== undefined && { counter: said.counter }),
    ...(said.at && { at: said.at }),
    events,
  }
}

function countOf(value: Json | undefined): number | undefined {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

function instantOf(value: Json | undefined): Temporal.Instant | undefined {
  return typeof value === 'string' ? parseInstant(value, 'UTC')?.at : undefined
}
