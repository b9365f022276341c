import { Temporal } from 'temporal-polyfill'
import type { Connector, Tended } from '../connector.ts'
import { type FhirClient, triage } from './client.ts'
import type { EventWatch } from './event-watch.ts'
import { isObject, type JsonObject, objectsOf, parseJson, stringOf } from './json.ts'
import { isAltered, isStale, keyOf, subscriptionOf, subscriptionsIn, subscriptionsTo, type Wanted } from './subscription-resource.ts'
import { parseInstant } from './time.ts'
import { topicStatusOf } from './topic.ts'
import type { Marks } from './watch-options.ts'

export interface TenderOptions {
  readonly client: FhirClient
  readonly wanted: readonly Wanted[]
  readonly release: 'auto' | 'R4' | 'R4B' | 'R5'
  readonly events: EventWatch
  readonly marks: Marks
  readonly now: () => Temporal.Instant
}

/** What this process knows of one of our Subscriptions. */
interface Care {
  id?: string
  /** Since when the EHR has left it `requested`. */
  requestedAt?: Temporal.Instant
  /** Attempts to bring it back in a row, and before when there is no other. */
  tries: number
  notBefore?: Temporal.Instant
  /** Its elements were compared with ours; a server that words them otherwise is not told twice. */
  isAligned: boolean
  extendedAt?: Temporal.Instant
  /** Of a heartbeat that is missing: when we began to wait for one. */
  watchedFrom?: Temporal.Instant
}

interface Tending extends TenderOptions {
  fhirRelease?: 'R4' | 'R5'
}

const markName = 'subscriptions'
const lifetime = Temporal.Duration.from({ hours: 365 * 24 })
const renewBefore = Temporal.Duration.from({ hours: 30 * 24 })
const renewEvery = Temporal.Duration.from({ hours: 12 })
const patience = Temporal.Duration.from({ minutes: 10 })
const firstWait = Temporal.Duration.from({ minutes: 5 })
const longestWait = Temporal.Duration.from({ hours: 6 })

/** Creates, watches and revives our Subscriptions (FHIR-SUB-5). Every answer is the worst of them. */
export function tender(options: TenderOptions): NonNullable<Connector['tend']> {
  const tending: Tending = { ...options }
  let cares: ReadonlyMap<string, Care> | undefined
  let isSwept = false
  return async (signal) => {
    cares ??= await recall(options)
    const outcomes: Tended[] = []
    for (const wanted of options.wanted) {
      const care = cares.get(wanted.key) ?? { tries: 0, isAligned: false }
      const before = care.id
      outcomes.push(await tendOne(wanted, care, cares, tending, signal))
      if (care.id !== before) await options.marks.save(markName, JSON.stringify([...cares].map(([key, { id }]) => ({ key, id }))))
    }
    // only once ours stand: what is taken away before could be the only one
    if (!isSwept && outcomes.every(({ kind }) => kind === 'well')) isSwept = await removeStale(cares, options, signal)
    const worst = (kind: Tended['kind']) => outcomes.find((each) => each.kind === kind)
    return worst('trouble') ?? worst('revived') ?? { kind: 'well' }
  }
}

/** Once in a process; true when nothing is left to try. A server that refuses keeps its own: a person sees to it. */
async function removeStale(cares: ReadonlyMap<string, Care>, { client, wanted }: TenderOptions, signal: AbortSignal): Promise<boolean> {
  const answer = await client.get('Subscription?_count=100', signal)
  if (answer.kind === 'failed') return triage(answer) !== 'deferred'
  const kept = new Set([...cares.values()].map(({ id }) => id))
  const endpoint = wanted[0]?.options.endpoint ?? ''
  for (const { id, ...rest } of subscriptionsIn(answer.body)) {
    if (!isStale({ id, ...rest }, endpoint, kept)) continue
    const removed = await client.remove(`Subscription/${String(id)}`, signal)
    if (removed.kind === 'failed' && triage(removed) === 'deferred') return false
  }
  return true
}

async function recall({ wanted, marks }: TenderOptions): Promise<ReadonlyMap<string, Care>> {
  const text = await marks.find(markName)
  const parsed = text === undefined ? undefined : parseJson(new TextEncoder().encode(text))
  const kept = parsed?.kind === 'parsed' && Array.isArray(parsed.value) ? objectsOf(parsed.value) : []
  return new Map(
    wanted.map(({ key }) => {
      const id = stringOf(kept.find((each) => each.key === key)?.id)
      return [key, { tries: 0, isAligned: false, ...(id && { id }) }]
    }),
  )
}

type Located =
  | { readonly kind: 'found'; readonly resource: JsonObject }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown'; readonly reason: string }

async function tendOne(wanted: Wanted, care: Care, all: ReadonlyMap<string, Care>, tending: Tending, signal: AbortSignal): Promise<Tended> {
  const located = await locate(wanted, care, all, tending, signal)
  if (located.kind === 'unknown') return { kind: 'trouble', reason: located.reason }
  if (located.kind === 'missing') return await create(wanted, care, tending, signal)
  const { resource } = located
  const status = stringOf(resource.status)
  switch (status) {
    case 'active':
      return await keep(wanted, care, resource, tending, signal)
    case 'requested': {
      care.requestedAt ??= tending.now()
      const isLate = Temporal.Instant.compare(care.requestedAt.add(patience), tending.now()) < 0
      return isLate ? { kind: 'trouble', reason: 'requested for more than 10 min' } : { kind: 'well' }
    }
    case 'error':
    case 'off':
      return await revive(wanted, care, resource, status, tending, signal)
    default:
      return { kind: 'trouble', reason: 'its status is unknown' }
  }
}

/** By the id that we know; else among all that lead to our hook, so that a lost id does not make a second one (FHIR-SUB-6). */
async function locate(
  wanted: Wanted,
  care: Care,
  all: ReadonlyMap<string, Care>,
  { client }: Tending,
  signal: AbortSignal,
): Promise<Located> {
  if (care.id !== undefined) {
    const answer = await client.get(`Subscription/${care.id}`, signal)
    if (answer.kind === 'answered') {
      if (answer.body.resourceType === 'Subscription' && answer.body.status !== 'entered-in-error')
        return { kind: 'found', resource: answer.body }
    } else if (triage(answer) !== 'gone') return { kind: 'unknown', reason: answer.reason }
    delete care.id
  }
  const found = await subscriptionsTo(wanted.options.endpoint, client, signal)
  if (found.kind === 'failed') return { kind: 'unknown', reason: found.reason }
  const taken = new Set([...all.values()].map(({ id }) => id))
  const ours = found.resources.filter(({ id }) => typeof id === 'string' && !taken.has(id))
  const resource = ours.find((each) => keyOf(each) === wanted.key) ?? (all.size === 1 ? ours[0] : undefined)
  const id = resource && stringOf(resource.id)
  if (!resource || !id) return { kind: 'missing' }
  care.id = id
  return { kind: 'found', resource }
}

async function create(wanted: Wanted, care: Care, tending: Tending, signal: AbortSignal): Promise<Tended> {
  const { client, now } = tending
  const early = tooEarly(care, now())
  if (early) return { kind: 'trouble', reason: 'there is none, and it could not be created' }
  const desired = subscriptionOf(wanted, await releaseOf(tending, signal), now().add(lifetime))
  backOff(care, now())
  const answer = await client.create(desired, undefined, signal)
  if (answer.kind === 'failed') return { kind: 'trouble', reason: `not created: ${answer.reason}` }
  const id = stringOf(answer.body.id)
  if (id) care.id = id
  care.requestedAt = now()
  care.isAligned = true
  return { kind: 'revived', reason: 'created' }
}

/** The EHR never brings one back by itself: it is asked for anew (interop.md 2.4), less often each time. */
async function revive(
  wanted: Wanted,
  care: Care,
  held: JsonObject,
  status: string,
  tending: Tending,
  signal: AbortSignal,
): Promise<Tended> {
  if (tooEarly(care, tending.now())) return { kind: 'trouble', reason: `the EHR has set it to ${status}` }
  backOff(care, tending.now())
  const failed = await put(wanted, held, {}, tending, signal)
  if (failed) return { kind: 'trouble', reason: `it is ${status}, and could not be asked for again: ${failed}` }
  care.requestedAt = tending.now()
  return { kind: 'revived', reason: `it was ${status}` }
}

async function keep(wanted: Wanted, care: Care, held: JsonObject, tending: Tending, signal: AbortSignal): Promise<Tended> {
  const now = tending.now()
  delete care.requestedAt
  delete care.notBefore
  care.tries = 0
  const desired = subscriptionOf(wanted, await releaseOf(tending, signal), now.add(lifetime))
  const altered = !care.isAligned && isAltered(held, desired)
  const renews = isEnding(held, now) && (!care.extendedAt || Temporal.Instant.compare(care.extendedAt.add(renewEvery), now) <= 0)
  care.isAligned = true
  if (renews) care.extendedAt = now
  if (altered || renews) {
    const failed = await put(wanted, held, altered ? {} : { status: 'active' }, tending, signal)
    if (failed) return { kind: 'trouble', reason: `it could not be ${altered ? 'set right' : 'extended'}: ${failed}` }
    if (altered) return { kind: 'revived', reason: 'it was not ours any more' }
  }
  return await listen(wanted, care, tending, signal)
}

/** Twice the heartbeat without a sound: the EHR may think that it delivers. */
async function listen(wanted: Wanted, care: Care, { events, client, now }: Tending, signal: AbortSignal): Promise<Tended> {
  const { heartbeatMs, kind } = wanted.options
  if (heartbeatMs === undefined || kind !== 'topic' || care.id === undefined) return { kind: 'well' }
  care.watchedFrom ??= now()
  const heardAt = (await events.seenAt(care.id)) ?? care.watchedFrom
  const since = Temporal.Instant.compare(heardAt, care.watchedFrom) > 0 ? heardAt : care.watchedFrom
  if (now().epochMilliseconds - since.epochMilliseconds <= 2 * heartbeatMs) return { kind: 'well' }
  const answer = await client.get(`Subscription/${care.id}/$status`, signal)
  const [entry] = answer.kind === 'answered' ? objectsOf(answer.body.entry) : []
  const status = topicStatusOf(entry?.resource ?? (answer.kind === 'answered' ? answer.body : undefined))
  return {
    kind: 'trouble',
    reason: `no heartbeat, and the EHR says ${status?.status === 'active' ? 'that it is active' : 'nothing of use'}`,
  }
}

/** What the EHR holds beside our elements stays. One that is only extended is not asked for anew. */
async function put(wanted: Wanted, held: JsonObject, as: JsonObject, tending: Tending, signal: AbortSignal): Promise<string | undefined> {
  const desired = subscriptionOf(wanted, await releaseOf(tending, signal), tending.now().add(lifetime))
  const { error: _error, ...rest } = held
  const channel = isObject(held.channel) && isObject(desired.channel) ? { channel: { ...held.channel, ...desired.channel } } : {}
  const meta = isObject(held.meta) && isObject(desired.meta) ? { meta: { ...held.meta, ...desired.meta } } : {}
  const answer = await tending.client.put({ ...rest, ...desired, ...channel, ...meta, ...as }, undefined, signal)
  return answer.kind === 'failed' ? answer.reason : undefined
}

function isEnding({ end }: JsonObject, now: Temporal.Instant): boolean {
  const at = typeof end === 'string' ? parseInstant(end, 'UTC')?.at : undefined
  return at !== undefined && Temporal.Instant.compare(at, now.add(renewBefore)) < 0
}

function tooEarly({ notBefore }: Care, now: Temporal.Instant): boolean {
  return notBefore !== undefined && Temporal.Instant.compare(now, notBefore) < 0
}

function backOff(care: Care, now: Temporal.Instant): void {
  const wait = Temporal.Duration.from({ minutes: firstWait.minutes * 2 ** Math.min(care.tries, 10) })
  care.tries += 1
  care.notBefore = now.add(Temporal.Duration.compare(wait, longestWait) < 0 ? wait : longestWait)
}

/** R4B speaks as R4 does here: the Backport IG serves both. */
async function releaseOf(tending: Tending, signal: AbortSignal): Promise<'R4' | 'R5'> {
  if (tending.release !== 'auto') return tending.release === 'R5' ? 'R5' : 'R4'
  if (tending.fhirRelease) return tending.fhirRelease
  const answer = await tending.client.get('metadata', signal)
  if (answer.kind === 'failed') return 'R4'
  tending.fhirRelease = stringOf(answer.body.fhirVersion)?.startsWith('5') ? 'R5' : 'R4'
  return tending.fhirRelease
}
