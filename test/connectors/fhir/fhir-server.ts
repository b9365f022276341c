import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Resource = { resourceType: string; id: string; meta?: { versionId?: string; lastUpdated?: string } } & Record<string, unknown>

/** What a test lets happen to one request instead of, or before, the ordinary answer. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | { readonly kind: 'drop' }
  | { readonly kind: 'drop after commit' }
  | { readonly kind: 'hang' }
  /** Somebody at the EHR is quicker. */
  | { readonly kind: 'first'; readonly act: () => void }

export interface FhirServer {
  readonly baseUrl: string
  readonly origin: string
  /** `METHOD path?query` below the base, in order. */
  readonly requests: string[]
  /** Headers of each request, in the same order. */
  readonly headers: IncomingMessage['headers'][]
  /** What was sent with each POST, PATCH and PUT. */
  readonly bodies: unknown[]
  /** The greatest number of requests that were in hand at once. */
  readonly busiest: () => number
  put(resource: Resource, lastUpdated?: string): Resource
  remove(key: string, at?: string): void
  get(key: string): Resource
  holds(key: string): boolean
  /** Meets the next request whose `METHOD path` matches, once for each time it is given. */
  meet(pattern: RegExp, ...faults: Fault[]): void
  close(): Promise<void>
}

export interface FhirServerOptions {
  readonly patch?: boolean
  /** 412 without If-Match, as Oracle Health does. */
  readonly requireIfMatch?: boolean
  readonly pageSize?: number
  /** Makes the address of a next page out of the true one. */
  readonly nextLink?: (url: string) => string
  /** Answers writes with nothing but 200, as Oracle Health does. */
  readonly silentWrites?: boolean
  readonly delayMs?: number
  /** Neither ETag nor meta.versionId. */
  readonly unversioned?: boolean
  readonly metadata?: unknown
  /** Search parameters it does not know, and ignores. */
  readonly deafTo?: readonly string[]
  /** What a new Subscription becomes. Default `active`. */
  readonly subscriptionStatus?: string
  /** Answers `Subscription/:id/$events` and `$status`. */
  readonly operation?: (name: string, id: string, query: URLSearchParams) => unknown
}

/** A FHIR R4 server over real sockets, as small as the tests allow: versions, If-Match, PATCH, PUT, search by `_lastUpdated`, pages. */
export async function fhirServer(options: FhirServerOptions = {}): Promise<FhirServer> {
  const held = new Map<string, Resource | 'deleted'>()
  const faults: { pattern: RegExp; fault: Fault }[] = []
  const requests: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const bodies: unknown[] = []
  const history: { resource: string; at: string; entry: unknown }[] = []
  let made = 0
  let inHand = 0
  let busiest = 0
  let baseUrl = ''

  const put: FhirServer['put'] = (resource, lastUpdated = '2026-03-01T10:00:00Z') => {
    const key = `${resource.resourceType}/${resource.id}`
    const before = held.get(key)
    const version = before && before !== 'deleted' ? Number(before.meta?.versionId ?? 0) + 1 : 1
    const meta = options.unversioned ? { lastUpdated } : { ...resource.meta, versionId: String(version), lastUpdated }
    const stored = { ...resource, meta }
    held.set(key, stored)
    history.push({ resource: key, at: lastUpdated, entry: { resource: stored, request: { method: 'PUT', url: key } } })
    return stored
  }

  function answer(response: ServerResponse, status: number, body?: unknown, extra: Record<string, string> = {}) {
    response.writeHead(status, { 'content-type': 'application/fhir+json', ...extra })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }

  function outcome(response: ServerResponse, status: number, code: string) {
    answer(response, status, {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code, diagnostics: 'about Peter Chalmers' }],
    })
  }

  const etagOf = (resource: Resource): Record<string, string> => (options.unversioned ? {} : { etag: `W/"${resource.meta?.versionId}"` })

  function write(request: IncomingMessage, response: ServerResponse, key: string, body: unknown, silent: boolean) {
    const current = held.get(key)
    if (!current || current === 'deleted') return outcome(response, 404, 'not-found')
    if (request.method === 'PATCH' && options.patch === false) return outcome(response, 405, 'not-supported')
    const ifMatch = request.headers['if-match']
    if ((!ifMatch && options.requireIfMatch) || (ifMatch && ifMatch !== etagOf(current).etag)) return outcome(response, 412, 'conflict')
    const next = request.method === 'PUT' ? (body as Resource) : patched(current, operationsOf(body))
    if (!next) return outcome(response, 422, 'processing')
    const stored = put(next, '2026-03-01T10:30:00Z')
    if (silent) response.destroy()
    else if (options.silentWrites) response.writeHead(200, { 'content-type': 'text/html', ...etagOf(stored) }).end()
    else answer(response, 200, stored, etagOf(stored))
  }

  const startOf = ({ start, meta }: Resource) => Date.parse(typeof start === 'string' ? start : (meta?.lastUpdated ?? ''))

  function matches(resource: Resource, query: URLSearchParams): boolean {
    const known = (name: string) => (options.deafTo?.includes(name) ? [] : query.getAll(name))
    const holds = (value: string, at: number) =>
      value.startsWith('lt') ? at < Date.parse(value.slice(2)) : at >= Date.parse(value.slice(2))
    const participants = JSON.stringify(resource.participant ?? [])
    return (
      known('_lastUpdated').every((value) => holds(value, Date.parse(resource.meta?.lastUpdated ?? ''))) &&
      known('date').every((value) => holds(value, startOf(resource))) &&
      known('practitioner').every((id) => participants.includes(`Practitioner/${id}"`)) &&
      known('identifier').every((value) => JSON.stringify(resource).includes(`"${value.split('|')[1]}"`)) &&
      known('appointment').every((key) => JSON.stringify(resource).includes(`"${key}"`)) &&
      known('_id').every((ids) => ids.split(',').includes(resource.id)) &&
      known('url').every((url) => JSON.stringify(resource).includes(`"${url}"`))
    )
  }

  function search(response: ServerResponse, type: string, url: URL) {
    const all = [...held.values()].filter((each) => each !== 'deleted').filter((each) => each.resourceType === type)
    const matching = all.filter((each) => matches(each, url.searchParams))
    const sorted = matching.sort((a, b) => Date.parse(a.meta?.lastUpdated ?? '') - Date.parse(b.meta?.lastUpdated ?? ''))
    page(
      response,
      url,
      'searchset',
      sorted.map((resource) => ({ resource })),
    )
  }

  function historyOf(response: ServerResponse, url: URL) {
    const since = Date.parse(options.deafTo?.includes('_since') ? '1970-01-01' : (url.searchParams.get('_since') ?? '1970-01-01'))
    const recent = history.filter(({ resource, at }) => resource.startsWith('Appointment/') && Date.parse(at) >= since)
    page(response, url, 'history', recent.map(({ entry }) => entry).toReversed())
  }

  function page(response: ServerResponse, url: URL, type: string, all: readonly unknown[]) {
    const offset = Number(url.searchParams.get('_offset') ?? 0)
    const size = options.pageSize ?? 100
    const next = new URL(url)
    next.searchParams.set('_offset', String(offset + size))
    const makeLink = options.nextLink ?? ((address: string) => address)
    const link = offset + size < all.length ? [{ relation: 'next', url: makeLink(next.href) }] : []
    answer(response, 200, { resourceType: 'Bundle', type, link, total: all.length, entry: all.slice(offset, offset + size) })
  }

  function create(response: ServerResponse, body: unknown, silent: boolean) {
    const resource = { ...(body as Resource), id: `made-${++made}` }
    const isSubscription = resource.resourceType === 'Subscription'
    const stored = put(isSubscription ? { ...resource, status: options.subscriptionStatus ?? 'active' } : resource)
    if (silent) response.destroy()
    else answer(response, 201, stored)
  }

  function serve(request: IncomingMessage, response: ServerResponse, key: string, url: URL, body: unknown, silent: boolean) {
    if (key === 'metadata') return answer(response, 200, options.metadata ?? capability(options.patch !== false))
    if (request.method === 'POST') return create(response, body, silent)
    if (request.method === 'DELETE') {
      held.set(key, 'deleted')
      return void response.writeHead(204).end()
    }
    if (request.method !== 'GET') return write(request, response, key, body, silent)
    if (key === 'Appointment/_history') return historyOf(response, url)
    if (/^[A-Z][A-Za-z]+$/.test(key)) return search(response, key, url)
    const [, id, name] = /^Subscription\/([^/]+)\/\$(\w+)$/.exec(key) ?? []
    if (id && name && options.operation) return answer(response, 200, options.operation(name, id, url.searchParams))
    const resource = held.get(key)
    if (resource === 'deleted') return outcome(response, 410, 'deleted')
    return resource ? answer(response, 200, resource, etagOf(resource)) : outcome(response, 404, 'not-found')
  }

  const server = createServer(async (request, response) => {
    inHand++
    busiest = Math.max(busiest, inHand)
    response.on('close', () => inHand--)
    const url = new URL(request.url ?? '', baseUrl)
    const key = url.pathname.replace('/fhir/', '')
    requests.push(`${request.method} ${key}${url.search}`)
    headers.push(request.headers)
    let text = ''
    for await (const chunk of request) text += chunk
    const body: unknown = text ? JSON.parse(text) : undefined
    if (request.method !== 'GET') bodies.push(body)
    if (options.delayMs) await new Promise((resolve) => setTimeout(resolve, options.delayMs))
    const index = faults.findIndex(({ pattern }) => pattern.test(`${request.method} ${key}`))
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault
    if (fault?.kind === 'answer') return answer(response, fault.status, fault.body, fault.headers)
    if (fault?.kind === 'drop') return void response.destroy()
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'first') fault.act()
    serve(request, response, key, url, body, fault?.kind === 'drop after commit')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  baseUrl = `${origin}/fhir`
  return {
    baseUrl,
    origin,
    requests,
    headers,
    bodies,
    busiest: () => busiest,
    put,
    remove(key, at = '2026-03-01T10:00:00Z') {
      held.set(key, 'deleted')
      const entry = { request: { method: 'DELETE', url: key }, response: { status: '204', lastModified: at } }
      history.push({ resource: key, at, entry })
    },
    get(key) {
      const resource = held.get(key)
      if (!resource || resource === 'deleted') throw new Error(`the server holds no ${key}`)
      return resource
    },
    holds: (key) => held.has(key) && held.get(key) !== 'deleted',
    meet: (pattern, ...added) => void faults.push(...added.map((fault) => ({ pattern, fault }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function capability(patch: boolean) {
  const interaction = ['read', 'search-type', 'update', ...(patch ? ['patch'] : [])].map((code) => ({ code }))
  return {
    resourceType: 'CapabilityStatement',
    fhirVersion: '4.0.1',
    rest: [{ mode: 'server', resource: [{ type: 'Appointment', interaction }] }],
  }
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: unknown
}

/** A JSON Patch as it is, a FHIRPath Patch as the JSON Patch that does the same. */
function operationsOf(body: unknown): readonly Operation[] {
  if (Array.isArray(body)) return body as Operation[]
  const { parameter = [] } = body as { parameter?: { part: Record<string, unknown>[] }[] }
  return parameter.map(({ part }): Operation => {
    const of = (name: string) => Object.entries(part.find((each) => each.name === name) ?? {}).find(([key]) => key.startsWith('value'))?.[1]
    const steps = String(of('path'))
      .replace(/\[(\d+)\]/g, '.$1')
      .split('.')
      .slice(1)
    if (of('type') === 'add') steps.push(String(of('name')))
    return { op: String(of('type')), path: `/${steps.join('/')}`, value: of('value') }
  })
}

/** Add, replace and test of RFC 6902; undefined when a test fails. */
function patched(resource: Resource, operations: readonly Operation[]): Resource | undefined {
  const result = structuredClone(resource)
  for (const { op, path, value } of operations) {
    const steps = path.split('/').slice(1)
    const last = steps.pop() ?? ''
    const parent = steps.reduce<Record<string, unknown>>((node, step) => (node[step] ?? {}) as Record<string, unknown>, result)
    if (op === 'test' && JSON.stringify(parent[last]) !== JSON.stringify(value)) return undefined
    if (op === 'replace' && parent[last] === undefined) return undefined
    if (op !== 'test') parent[last] = value
  }
  return result
}
