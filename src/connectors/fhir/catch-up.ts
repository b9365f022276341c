import { Temporal } from 'temporal-polyfill'
import type { Envelope, Fault } from '../../core/envelope.ts'
import type { Failed, FhirClient } from './client.ts'
import { isObject, type JsonObject, stringOf } from './json.ts'
import { pathBelow } from './references.ts'
import { bundleSchema, elementsOf } from './resources.ts'
import { parseInstant } from './time.ts'

type CaughtUp =
  | { readonly kind: 'found'; readonly appointments: readonly JsonObject[] }
  /** The server leads elsewhere: a person must set it, or us, right. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  | Failed

/** Asks for everything that changed; the hint says only that something did (FHIR-SUB-4, FHIR-POLL-1). */
export type CatchUp = (hint: Envelope, signal: AbortSignal) => Promise<CaughtUp>

export interface CatchUpOptions {
  readonly client: FhirClient
  readonly baseUrl: string
  readonly horizonMs: number
  readonly now: () => Temporal.Instant
}

interface Run {
  /** The hint that got the answer: if it comes again, the answer was lost, and is asked for again. */
  readonly owner: string
  readonly startedAt: Temporal.Instant
  readonly since: Temporal.Instant
}

const overlap = { minutes: 5 }
const maxRuns = 32
const maxPages = 1_000
const nothing: CaughtUp = { kind: 'found', appointments: [] }

/**
 * At most one query runs and one waits. A hint that came before the last query began is answered by it, with nothing more to read.
 * The watermark is kept in memory: after a restart the horizon is read again.
 */
export function catchUp({ client, baseUrl, horizonMs, now }: CatchUpOptions): CatchUp {
  const runs: Run[] = []
  let watermark: Temporal.Instant | undefined
  let running: Promise<CaughtUp> | undefined
  let waiting: Promise<CaughtUp> | undefined

  async function query(owner: string, signal: AbortSignal): Promise<CaughtUp> {
    const startedAt = now()
    const since =
      runs.find((run) => run.owner === owner)?.since ?? watermark?.subtract(overlap) ?? startedAt.subtract({ milliseconds: horizonMs })
    const pages = await readPages(firstPage(since), client, baseUrl, signal)
    if (pages.kind !== 'found') return pages
    const newest = newestOf(pages.appointments, startedAt)
    if (newest && (!watermark || Temporal.Instant.compare(newest, watermark) > 0)) watermark = newest
    runs.push({ owner, startedAt, since })
    if (runs.length > maxRuns) runs.shift()
    return pages
  }

  function begin(owner: string, signal: AbortSignal): Promise<CaughtUp> {
    const run = query(owner, signal).finally(() => {
      if (running === run) running = undefined
    })
    running = run
    return run
  }

  return async (hint, signal) => {
    const owner = `${hint.receivedAt.toString()} ${hint.request?.method ?? ''} ${hint.body.length}`
    const last = runs.at(-1)
    const again = runs.some((run) => run.owner === owner)
    if (!again && last && Temporal.Instant.compare(hint.receivedAt, last.startedAt) < 0) return nothing
    if (waiting) return await waiting.then((result) => (result.kind === 'found' ? nothing : result))
    if (!running) return await begin(owner, signal)
    const start = () => {
      waiting = undefined
      return begin(owner, signal)
    }
    waiting = running.then(start, start)
    return await waiting
  }
}

function firstPage(since: Temporal.Instant): string {
  const query = new URLSearchParams({
    _lastUpdated: `ge${since.toString({ smallestUnit: 'millisecond' })}`,
    _sort: '_lastUpdated',
    _count: '100',
  })
  return `Appointment?${query}`
}

/** Follows `next` inside the base only, never to the same page twice (FHIR-PAGE-1). The last word about an appointment counts. */
async function readPages(first: string, client: FhirClient, baseUrl: string, signal: AbortSignal): Promise<CaughtUp> {
  const appointments = new Map<string, JsonObject>()
  const visited = new Set<string>()
  let empty = 0
  let page: string | undefined = first
  while (page !== undefined && !visited.has(page) && visited.size < maxPages && empty < 2) {
    visited.add(page)
    const answer = await client.get(page, signal)
    if (answer.kind === 'failed') return visited.size === 1 ? answer : interrupted(answer)
    const bundle = elementsOf(bundleSchema, answer.body)
    if (!bundle) return { kind: 'failed', status: answer.status, unsent: false, reason: 'not a Bundle' }
    const before = appointments.size
    for (const { resource, search } of bundle.entry ?? []) {
      const id = isObject(resource) ? stringOf(resource.id) : undefined
      if (!isObject(resource) || !id || resource.resourceType !== 'Appointment' || search?.mode === 'include') continue
      appointments.delete(id)
      appointments.set(id, resource)
    }
    empty = appointments.size === before ? empty + 1 : 0
    const next: string | undefined = bundle.link?.find(({ relation }) => relation === 'next')?.url
    if (next !== undefined && /^[a-z][a-z0-9+.-]*:|^\/\//i.test(next) && pathBelow(next, baseUrl) === undefined) {
      return { kind: 'refused', fault: strayLink }
    }
    page = next
  }
  return { kind: 'found', appointments: [...appointments.values()] }
}

const strayLink: Fault = { kind: 'content', code: 'security', at: 'Bundle.link', text: 'The next page is outside of the configured base.' }

/** A link may run out on the way (FHIR-PAGE-2): whatever the answer, the search may begin again. */
function interrupted({ unsent, reason, retryAfter }: Failed): Failed {
  return { kind: 'failed', unsent, reason, ...(retryAfter && { retryAfter }) }
}

/** By the server's clock, so that ours does not matter; never ahead of now, or what follows would be skipped. */
function newestOf(appointments: readonly JsonObject[], now: Temporal.Instant): Temporal.Instant | undefined {
  const times = appointments.flatMap(({ meta }) => parseInstant((isObject(meta) && stringOf(meta.lastUpdated)) || '', 'UTC')?.at ?? [])
  const newest = times.sort(Temporal.Instant.compare).at(-1)
  return newest && Temporal.Instant.compare(newest, now) > 0 ? now : newest
}
