import { Client, type FhirResource, type OpPatch, type RequestOptions } from 'fhir-kit-client'
import type { Temporal } from 'temporal-polyfill'
import { Agent } from 'undici'
import { isObject, type JsonObject, objectsOf, stringOf, wrongShape } from './json.ts'
import { limit } from './limit.ts'
import type { FhirAuth } from './options.ts'
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

/** Asks one FHIR server, and nobody else (FHIR-SEC-3). Never throws for what the server does. */
export interface FhirClient {
  /** `Appointment/12`, a search, or a `next` link below the base. */
  get(path: string, signal: AbortSignal): Promise<Answer>
  patch(id: string, operations: OpPatch[], ifMatch: string | undefined, signal: AbortSignal): Promise<Answer>
  put(id: string, appointment: JsonObject, ifMatch: string | undefined, signal: AbortSignal): Promise<Answer>
  /** POST of a resource of any type. */
  create(resource: TypedResource, signal: AbortSignal): Promise<Answer>
  /** PUT of a resource of any type, without a condition. */
  replace(id: string, resource: TypedResource, signal: AbortSignal): Promise<Answer>
}

export type TypedResource = JsonObject & { readonly resourceType: string }

export interface ClientOptions {
  readonly baseUrl: string
  readonly auth: FhirAuth
  readonly timeoutMs: number
  readonly now: () => Temporal.Instant
}

const maxConcurrent = 4
const maxResponseBytes = 16 * 1024 * 1024

export function fhirClient({ baseUrl, auth, timeoutMs, now }: ClientOptions): FhirClient {
  const dispatcher = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
    maxResponseSize: maxResponseBytes,
  })
  const client = new Client({
    baseUrl,
    customHeaders: { ...authorization(auth), 'accept-encoding': 'identity' },
    requestOptions: { redirect: 'error', dispatcher },
  })
  const inTurn = limit(maxConcurrent)

  async function ask(call: (options: RequestOptions) => Promise<FhirResource>, headers: Record<string, string>, signal: AbortSignal) {
    let started = false
    try {
      return await inTurn(async () => {
        started = true
        const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
        return answered(await call({ headers, signal: bounded }))
      }, signal)
    } catch (error) {
      return started ? failed(error, now()) : { kind: 'failed' as const, unsent: true, reason: 'stopped' }
    }
  }

  return {
    async get(path, signal) {
      const below = /^https?:/i.test(path) ? pathBelow(path, baseUrl) : path
      if (below === undefined) return { kind: 'failed', unsent: true, reason: 'an address outside of the base' }
      return await ask((options) => client.request(below, { options }), {}, signal)
    },
    patch: (id, jsonPatch, ifMatch, signal) =>
      ask((options) => client.patch({ resourceType: 'Appointment', id, jsonPatch, options }), conditional(ifMatch), signal),
    put: (id, appointment, ifMatch, signal) => {
      const body: FhirResource = { ...appointment, resourceType: 'Appointment' }
      return ask((options) => client.update({ resourceType: 'Appointment', id, body, options }), conditional(ifMatch), signal)
    },
    create: (body, signal) => ask((options) => client.create({ resourceType: body.resourceType, body: { ...body }, options }), {}, signal),
    replace: (id, resource, signal) => {
      const body: FhirResource = { ...resource, id }
      return ask((options) => client.update({ resourceType: resource.resourceType, id, body, options }), {}, signal)
    },
  }
}

function conditional(ifMatch: string | undefined): Record<string, string> {
  return ifMatch === undefined ? {} : { 'If-Match': ifMatch }
}

function authorization(auth: FhirAuth): Record<string, string> {
  switch (auth.kind) {
    case 'none':
      return {}
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` }
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`, 'utf8').toString('base64')}` }
    default:
      return auth satisfies never
  }
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
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/

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
  const name = error instanceof Error ? error.name : 'Error'
  return { kind: 'failed', unsent: code !== undefined && neverConnected.test(code), reason: code ?? name }
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
