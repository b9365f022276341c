import { Client, type FhirResource, type RequestOptions } from 'fhir-kit-client'
import type { Temporal } from 'temporal-polyfill'
import type { Dispatcher } from 'undici'
import type { Authorizer } from './auth.ts'
import { isObject, type JsonObject, objectsOf, stringOf, wrongShape } from './json.ts'
import { limit } from './limit.ts'
import { pathBelow } from './references.ts'
import { parseRetryAfter } from './time.ts'

interface Answered {
  readonly kind: 'answered'
  readonly status: number
  /** Empty where the server answered without FHIR JSON. */
  readonly body: JsonObject
  /** Of the `ETag` header. */
  readonly etag?: string
}

export interface Failed {
  readonly kind: 'failed'
  /** Absent: no answer came. */
  readonly status?: number
  /** No byte of the request can have reached the server. */
  readonly unsent: boolean
  /** Status or error code and the OperationOutcome's issue code: never a text of the server's (R25). */
  readonly reason: string
  readonly retryAfter?: Temporal.Duration
}

export type Answer = Answered | Failed

/** How a resource is changed in place: operations of RFC 6902, or a FHIRPath Patch `Parameters`. */
export type Patch =
  | { readonly as: 'json'; readonly operations: readonly object[] }
  | { readonly as: 'fhirpath'; readonly parameters: JsonObject }

/** Asks one FHIR server, and nobody else (FHIR-SEC-3). Never throws for what the server does. A `key` is `Type/id`. */
export interface FhirClient {
  /** `Appointment/12`, a search, or a `next` link below the base. */
  get(path: string, signal: AbortSignal): Promise<Answer>
  patch(key: string, patch: Patch, ifMatch: string | undefined, signal: AbortSignal): Promise<Answer>
  /** At the resource's own type and id. */
  put(resource: JsonObject, ifMatch: string | undefined, signal: AbortSignal): Promise<Answer>
  /** `ifNoneExist`: a search that finds the one already there, where the server knows conditional create. */
  create(resource: JsonObject, ifNoneExist: string | undefined, signal: AbortSignal): Promise<Answer>
  remove(key: string, signal: AbortSignal): Promise<Answer>
}

export interface ClientOptions {
  readonly baseUrl: string
  readonly authorizer: Authorizer
  readonly dispatcher: Dispatcher
  readonly timeoutMs: number
  readonly now: () => Temporal.Instant
}

const maxConcurrent = 4

export function fhirClient({ baseUrl, authorizer, dispatcher, timeoutMs, now }: ClientOptions): FhirClient {
  const client = new Client({
    baseUrl,
    customHeaders: { 'accept-encoding': 'identity' },
    requestOptions: { redirect: 'error', dispatcher },
  })
  const inTurn = limit(maxConcurrent)

  async function once(request: Request, signal: AbortSignal): Promise<Answer> {
    const authorized = await authorizer.authorize()
    if (authorized.kind === 'failed') return authorized
    const { method, path, headers = {}, body } = request
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const options: RequestOptions = { headers: { ...headers, ...authorized.headers }, signal: bounded }
    let answer: Answer
    try {
      answer = answered(await client.request(path, { method, options, ...(body !== undefined && { body }) }))
    } catch (error) {
      answer = failed(error, now())
    }
    const mayRenew = answer.kind === 'failed' && answer.status === 401 && !request.renewed && authorizer.renew(authorized.headers)
    return mayRenew ? await once({ ...request, renewed: true }, signal) : answer
  }

  async function ask(request: Request, signal: AbortSignal): Promise<Answer> {
    try {
      return await inTurn(() => once(request, signal), signal)
    } catch (error) {
      // the turn never came: everything after it is caught
      return { kind: 'failed', unsent: signal.aborted, reason: signal.aborted ? 'stopped' : nameOf(error) }
    }
  }

  return {
    async get(path, signal) {
      const below = /^https?:/i.test(path) ? pathBelow(path, baseUrl) : path
      if (below === undefined) return { kind: 'failed', unsent: true, reason: 'an address outside of the base' }
      return await ask({ method: 'GET', path: below }, signal)
    },
    patch: (key, patch, ifMatch, signal) => {
      const headers = { ...conditional(ifMatch), 'content-type': patch.as === 'json' ? 'application/json-patch+json' : fhirJson }
      const body = patch.as === 'json' ? patch.operations : patch.parameters
      return ask({ method: 'PATCH', path: key, headers, body }, signal)
    },
    put: (resource, ifMatch, signal) => {
      const path = `${stringOf(resource.resourceType) ?? ''}/${stringOf(resource.id) ?? ''}`
      return ask({ method: 'PUT', path, headers: { ...conditional(ifMatch), 'content-type': fhirJson }, body: resource }, signal)
    },
    create: (resource, ifNoneExist, signal) => {
      const headers = { 'content-type': fhirJson, ...(ifNoneExist !== undefined && { 'If-None-Exist': ifNoneExist }) }
      return ask({ method: 'POST', path: stringOf(resource.resourceType) ?? '', headers, body: resource }, signal)
    },
    remove: (key, signal) => ask({ method: 'DELETE', path: key }, signal),
  }
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: object
  /** Asked again with a new token. */
  readonly renewed?: true
}

const fhirJson = 'application/fhir+json'

function conditional(ifMatch: string | undefined): Record<string, string> {
  return ifMatch === undefined ? {} : { 'If-Match': ifMatch }
}

function answered(resource: FhirResource): Answer {
  const { response } = Client.httpFor(resource)
  const status = response?.status ?? 200
  const body: unknown = resource
  if (!isObject(body) || wrongShape(body)) return { kind: 'failed', status, unsent: false, reason: 'not FHIR JSON' }
  const etag = response?.headers.get('etag')
  return { kind: 'answered', status, body, ...(etag && { etag }) }
}

/** What fhir-kit-client throws: its own error with the answer in it, or fetch's with the socket's error as cause. */
interface KitError {
  readonly response?: { readonly status?: number; readonly data?: unknown }
  readonly config?: { readonly headers?: Headers }
  readonly cause?: { readonly code?: unknown; readonly message?: unknown }
}

/** Errors of a connection that was never made. */
const neverConnected =
  /^(ADDRESS_REFUSED|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/

function failed(error: unknown, now: Temporal.Instant): Answer {
  const { response, config, cause } = (error ?? {}) as KitError
  const { status } = response ?? {}
  if (status !== undefined) {
    const etag = config?.headers?.get('etag')
    if (status >= 200 && status < 300) return { kind: 'answered', status, body: {}, ...(etag && { etag }) }
    const issue = issueCode(response?.data)
    const retryAfter = parseRetryAfter(config?.headers?.get('retry-after') ?? null, now)
    return { kind: 'failed', status, unsent: false, reason: `HTTP ${status}${issue ? ` ${issue}` : ''}`, ...(retryAfter && { retryAfter }) }
  }
  if (cause?.message === 'unexpected redirect') return { kind: 'failed', unsent: false, reason: 'a redirect, which is not followed' }
  const code = typeof cause?.code === 'string' ? cause.code : undefined
  return { kind: 'failed', unsent: code !== undefined && neverConnected.test(code), reason: code ?? nameOf(error) }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error'
}

function issueCode(outcome: unknown): string | undefined {
  const [issue] = isObject(outcome) ? objectsOf(outcome.issue) : []
  const code = stringOf(issue?.code)
  return code && /^[a-z-]{1,40}$/.test(code) ? code : undefined
}

/** What may be done about a failed read (interop.md 2.7): nobody knows yet, gone for good, or never to be had. */
export function triage({ status }: Failed): 'deferred' | 'gone' | 'refused' {
  switch (status) {
    case 404:
    case 410:
      return 'gone'
    case 400:
    case 403:
    case 405:
    case 406:
    case 415:
    case 422:
    case 501:
      return 'refused'
    default:
      return 'deferred'
  }
}
